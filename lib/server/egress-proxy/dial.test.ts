import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { dial } from './dial.ts';

test('of an answer with many addresses only a few are tried', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.200', () => resolve()));
  const bound = server.address();
  assert.ok(bound !== null && typeof bound === 'object');
  const options = { lookup: async () => [], ownPorts: () => new Set<number>(), resolveMs: 100, connectMs: 100 };
  const tried = async (addresses: readonly string[]) => {
    const got = await dial(options, addresses, bound.port, new AbortController().signal);
    if (got.ok) got.value.destroy();
    return got.ok;
  };
  assert.equal(await tried(['127.0.0.198', '127.0.0.199', '127.0.0.200']), true);
  assert.equal(await tried(Array.from({ length: 200 }, (_, n) => `127.0.0.${n + 1}`)), false);
  server.close();
});
