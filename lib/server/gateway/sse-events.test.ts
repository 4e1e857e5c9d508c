import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createSseReader } from './sse-events.ts';

function readAll(chunks: readonly Buffer[]): string[] {
  const reader = createSseReader();
  const found: string[] = [];
  for (const chunk of chunks) reader.push(chunk, (data) => found.push(data));
  return found;
}

test('events arrive whole, however the bytes are cut', () => {
  const stream = Buffer.from(
    ': hi\n\nevent: message\ndata: {"a":"ü€"}\n\ndata: one\ndata: two\n\r\nid: 3\n\ndata:x\n\n',
  );
  fc.assert(
    fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
      const points = [0, ...cuts.sort((a, b) => a - b), stream.length];
      const chunks = points.slice(1).map((end, i) => stream.subarray(points[i], end));
      assert.deepEqual(readAll(chunks), ['{"a":"ü€"}', 'one\ntwo', 'x']);
    }),
  );
});

test('an unfinished event is not reported', () => {
  assert.deepEqual(readAll([Buffer.from('data: {"half":')]), []);
});

test('an event that never ends costs no more than its bytes, and is given up', () => {
  const reader = createSseReader();
  const chunk = Buffer.from('data: x\n'.repeat(8_192));
  const startedAt = performance.now();
  assert.throws(() => {
    for (;;) reader.push(chunk, () => assert.fail('no event has ended'));
  }, /too large/);
  // 64 MiB in one pass are a fraction of a second; looked at again with every chunk they were minutes.
  assert.ok(performance.now() - startedAt < 10_000);
});
