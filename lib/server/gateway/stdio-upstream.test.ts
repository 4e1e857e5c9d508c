import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startLocalRunner, stdioServer } from '#tests/fixtures/local-runner.ts';
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
  const server = stdioServer('babbler');
  const local = await startLocalRunner({ program: BABBLER, serverNow: () => server });
  const failures: UpstreamFailure[] = [];
  assert.notEqual(await local.call(server, (failure) => failures.push(failure)), 'answered');
  assert.deepEqual(
    failures.map(({ code, written }) => [code, written]),
    [['upstream-failed', true]],
  );
  await local.close();
});
