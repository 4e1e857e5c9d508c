import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLog } from '../log.ts';
import { createRunnerClient } from '../runner/runner-client.ts';
import { startRunner } from '../runner/start-runner.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { createStdioUpstream } from './stdio-upstream.ts';
import type { UpstreamFailure } from './upstream.ts';

/** Shakes hands, then answers every call with a line that never ends. */
const BABBLER = `
  process.stdin.once('data', () => {
    process.stdout.write('{"jsonrpc":"2.0","id":"initialize","result":{}}\\n');
    process.stdin.on('data', (data) => {
      if (!data.includes('tools/call')) return;
      const babble = () => process.stdout.write('x'.repeat(1 << 20), babble);
      babble();
    });
  });`;

test('a child whose line never ends is stopped, and its call has an unknown outcome', async () => {
  const server: SnapshotServer = {
    id: '01900000-0000-7000-8000-000000000000',
    name: 'babbler',
    transport: 'stdio',
    url: null,
    argv: null,
    configHash: 'c'.repeat(64),
    status: 'active',
    description: '',
    protocolVersion: null,
    credential: null,
    tools: new Map(),
    neverAccepted: new Set(),
  };
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-babbler-'));
  const socketPath = join(dataDir, 'run', 'runner.sock');
  const log = createLog('silent', 'test');
  const runner = await startRunner({
    socketPath,
    homes: join(dataDir, 'servers'),
    sandbox: { kind: 'none', why: 'this test is about its output' },
    sandboxMode: 'preferred',
    programs: [],
    limits: { memoryMiB: 1024, processes: 128, cpuSeconds: 300 },
    guarded: { directories: [], files: [] },
    proxyOrigin: 'http://127.0.0.1:1',
    findCommand: async () => ({ argv: [process.execPath, '-e', BABBLER], writable: [], source: 'host' }),
    isPackageAccepted: async () => true,
    notePackage: async () => true,
    log,
  });
  const client = createRunnerClient({ socketPath, log });
  const upstream = createStdioUpstream({
    startChild: ({ name, configHash }) => client.start({ server: name, configHash, env: {}, proxyUrl: null }),
    credentialFor: () => null,
    serverNow: () => server,
    log,
  });
  const failure = await new Promise<UpstreamFailure>((resolve, reject) => {
    const call = { server, tool: 't', canonicalArgs: '{}', id: 1, progressToken: undefined, sessionKey: 's' };
    upstream.call(call, {
      mayWrite: () => true,
      onNotification: () => undefined,
      onAnswer: () => reject(new Error('nothing was answered')),
      onFailure: resolve,
    });
  });
  assert.deepEqual([failure.code, failure.written], ['upstream-failed', true]);
  await upstream.close();
  await runner.close();
  rmSync(dataDir, { recursive: true, force: true });
});
