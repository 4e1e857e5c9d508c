// The runner as a process of its own, so that a test can kill it. Arguments: data directory, sandbox or none, the command.
import { join } from 'node:path';
import { createLog } from '#lib/server/log.ts';
import { probeSandbox } from '#lib/server/runner/probe-sandbox.ts';
import { startRunner } from '#lib/server/runner/start-runner.ts';

const [dataDir = '', box = 'none', ...argv] = process.argv.slice(2);

await startRunner({
  socketPath: join(dataDir, 'run', 'runner.sock'),
  homes: join(dataDir, 'servers'),
  sandbox: box === 'none' ? { kind: 'none', why: 'asked for' } : await probeSandbox(),
  sandboxMode: 'preferred',
  programs: [],
  limits: { memoryMiB: 1024, processes: 128, cpuSeconds: 300 },
  guarded: { directories: [dataDir], files: [] },
  proxyOrigin: 'http://127.0.0.1:1',
  findCommand: async () => ({ argv, writable: [], source: 'host' }),
  isPackageAccepted: async () => true,
  notePackage: async () => true,
  log: createLog('silent', 'runner'),
});
process.stdout.write('listening\n');
