import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import { createLog } from '../log.ts';
import { createRunnerClient, type RunnerClient } from '../runner/runner-client.ts';
import { startRunner } from '../runner/start-runner.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { createStdioUpstream } from './stdio-upstream.ts';

const PROGRAM = `
  process.stdin.on('data', (data) => {
    for (const line of String(data).split('\\n')) {
      if (!line) continue;
      const { id } = JSON.parse(line);
      if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } }) + '\\n');
    }
  });`;

const credential = { id: 'a', kind: 'env', version: 1, endsAtMs: null, target: 'env' } as const;
const SERVER: SnapshotServer = {
  id: '01900000-0000-7000-8000-000000000000',
  name: 's',
  transport: 'stdio',
  url: null,
  argv: null,
  configHash: 'c'.repeat(64),
  status: 'active',
  description: '',
  protocolVersion: null,
  credential,
  tools: new Map(),
  neverAccepted: new Set(),
};

type Now = { server: SnapshotServer | undefined; ms: number; isRefused: boolean };

/** One server whose child holds a secret; `work` gets what the gateway knows now, to change it. */
async function withChild(
  work: (at: { readonly now: Now; readonly client: RunnerClient; call(): Promise<string> }) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-ended-'));
  const socketPath = join(dataDir, 'run', 'runner.sock');
  const log = createLog('silent', 'test');
  const runner = await startRunner({
    socketPath,
    homes: join(dataDir, 'servers'),
    sandbox: { kind: 'none', why: 'this test is about its end' },
    sandboxMode: 'preferred',
    programs: [],
    limits: { memoryMiB: 1024, processes: 128, cpuSeconds: 300 },
    guarded: { directories: [], files: [] },
    proxyOrigin: 'http://127.0.0.1:1',
    findCommand: async () => ({ argv: [process.execPath, '-e', PROGRAM], writable: [], source: 'host' }),
    isPackageAccepted: async () => true,
    notePackage: async () => true,
    log,
  });
  const client = createRunnerClient({ socketPath, log });
  const now: Now = { server: SERVER, ms: 0, isRefused: false };
  const upstream = createStdioUpstream({
    startChild: ({ name, configHash }, env) =>
      client.start({ server: name, configHash, env: { ...env }, proxyUrl: null }),
    credentialFor: async () =>
      now.isRefused
        ? { ok: false, error: { code: 'credential-ended', detail: 'ended' } }
        : { ok: true, value: { version: 'a 1', env: { TOKEN: 'ended-secret' }, redact: (text) => text } },
    serverNow: () => now.server,
    now: () => now.ms,
    log,
  });
  const call = () =>
    new Promise<string>((resolve) => {
      const asked = {
        server: SERVER,
        tool: 't',
        canonicalArgs: '{}',
        id: 1,
        progressToken: undefined,
        sessionKey: 's',
      };
      upstream.call(asked, {
        mayWrite: () => true,
        onNotification: () => undefined,
        onAnswer: () => resolve('answered'),
        onFailure: ({ detail }) => resolve(detail),
      });
    });
  try {
    assert.equal(await call(), 'answered');
    assert.equal((await client.status('s'))?.children.length, 1);
    await work({ now, client, call });
    await eventually('no child holds the secret', async () => (await client.status('s'))?.children.length === 0);
  } finally {
    await upstream.close();
    await runner.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

test('a child whose credential is refused does not go on running with it', () =>
  withChild(async ({ now, call }) => {
    now.isRefused = true;
    assert.equal(await call(), 'ended');
  }));

test('a child goes without another call when its credential ends, is rotated or taken away, or its server is another', async () => {
  await withChild(async ({ now }) => {
    now.server = { ...SERVER, credential: { ...credential, endsAtMs: 1_000 } };
    now.ms = 1_000;
  });
  await withChild(async ({ now }) => {
    now.server = { ...SERVER, credential: { ...credential, version: 2 } };
  });
  await withChild(async ({ now }) => {
    now.server = { ...SERVER, credential: null };
  });
  await withChild(async ({ now }) => {
    now.server = { ...SERVER, configHash: 'd'.repeat(64) };
  });
  await withChild(async ({ now }) => {
    now.server = undefined;
  });
});

test('a child whose server and credential stand goes on', async () => {
  await withChild(async ({ now, client, call }) => {
    now.server = { ...SERVER, credential: { ...credential, endsAtMs: 1_000 } };
    now.ms = 999;
    const [before] = (await client.status('s'))?.children ?? [];
    await new Promise((resolve) => setTimeout(resolve, 700));
    assert.equal(await call(), 'answered');
    assert.equal((await client.status('s'))?.children[0]?.pid, before?.pid);
    now.server = undefined;
  });
});
