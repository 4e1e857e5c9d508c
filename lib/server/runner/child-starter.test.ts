import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err } from '#lib/core/result.ts';
import { createChildStarter } from './child-starter.ts';
import type { RunnerClient } from './runner-client.ts';

test('where there are no Unix sockets a sentence says so, and no runner is asked; elsewhere it is', async () => {
  const asked: string[] = [];
  const runner: Pick<RunnerClient, 'start'> = {
    start: async ({ server }) => {
      asked.push(server);
      return err({ code: 'upstream-failed', detail: 'asked' });
    },
  };
  const parts = { runner, keys: { masterKey: Buffer.alloc(32) }, proxyOrigin: 'http://127.0.0.1:4001' };
  const server = { name: 'files', configHash: 'c'.repeat(64) };
  const refused = await createChildStarter({ ...parts, platform: 'win32' })(server);
  assert.equal(refused.ok ? null : refused.error.detail, 'stdio servers are not supported on this platform.');
  assert.deepEqual(asked, []);
  await createChildStarter({ ...parts, platform: 'linux' })(server);
  assert.deepEqual(asked, ['files']);
});
