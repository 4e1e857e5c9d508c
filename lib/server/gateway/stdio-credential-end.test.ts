import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import { startLocalRunner, stdioServer } from '#tests/fixtures/local-runner.ts';
import type { RunnerClient } from '../runner/runner-client.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';

const PROGRAM = `
  process.stdin.on('data', (data) => {
    for (const line of String(data).split('\\n')) {
      if (!line) continue;
      const { id } = JSON.parse(line);
      if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [] } }) + '\\n');
    }
  });`;

const credential = { id: 'a', kind: 'env', version: 1, endsAtMs: null, target: 'env' } as const;
const SERVER = stdioServer('s', { credential });

type Now = { server: SnapshotServer | undefined; ms: number; isRefused: boolean };

/** One server whose child holds a secret; `work` gets what the gateway knows now, to change it. */
async function withChild(
  work: (at: { readonly now: Now; readonly client: RunnerClient; call(): Promise<string> }) => Promise<void>,
): Promise<void> {
  const now: Now = { server: SERVER, ms: 0, isRefused: false };
  const local = await startLocalRunner({
    program: PROGRAM,
    credentialFor: async () =>
      now.isRefused
        ? { ok: false, error: { code: 'credential-ended', detail: 'ended' } }
        : { ok: true, value: { version: 'a 1', env: { TOKEN: 'ended-secret' }, redact: (text) => text } },
    serverNow: () => now.server,
    now: () => now.ms,
  });
  const { client } = local;
  const call = () => local.call(SERVER);
  try {
    assert.equal(await call(), 'answered');
    assert.equal((await client.status('s'))?.children.length, 1);
    await work({ now, client, call });
    await eventually('no child holds the secret', async () => (await client.status('s'))?.children.length === 0);
  } finally {
    await local.close();
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

test('a child goes without another call when its way out through the proxy has ended', () =>
  withChild(async ({ now }) => {
    now.server = { ...SERVER, proxyEpoch: 1 };
  }));

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
