import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { followOrder } from './order-check.ts';

const SIZE = 12;

test('numbers in order are no finding, and none is missing', () => {
  const order = followOrder();
  assert.deepEqual([0, 1, 2].map(order.see), [null, null, null]);
  assert.deepEqual(order.missing(3), []);
  assert.deepEqual(order.missing(5), [{ from: 3, to: 4 }]);
});

test('a number that comes late is moved and not missing; one that comes again is there twice', () => {
  const order = followOrder();
  assert.deepEqual([0, 5].map(order.see), [null, null]);
  const moved = (seq: number) => ({
    seq,
    code: 'out-of-order',
    sentence: `Entry ${seq} stands after a later entry: rows were moved.`,
  });
  const twice = (seq: number) => ({ seq, code: 'out-of-order', sentence: `Entry ${seq} is in the export twice.` });
  assert.deepEqual(order.see(3), moved(3));
  assert.deepEqual(order.missing(6), [
    { from: 1, to: 2 },
    { from: 4, to: 4 },
  ]);
  assert.deepEqual(order.see(3), twice(3));
  assert.deepEqual(order.see(5), twice(5));
  assert.deepEqual(order.see(0), twice(0));
  assert.deepEqual([1, 2, 4].map(order.see), [1, 2, 4].map(moved));
  assert.deepEqual(order.missing(6), []);
  assert.deepEqual(order.see(4), twice(4));
});

test('whatever comes in whatever order, exactly the others are missing, and each repetition and each step back is told', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(SIZE - 1), { maxLength: 30 }), (came) => {
      const order = followOrder();
      let highest = -1;
      const seen = new Set<number>();
      for (const seq of came) {
        const finding = order.see(seq);
        assert.equal(finding === null, seq > highest);
        if (finding !== null) assert.equal(finding.sentence.endsWith('twice.'), seen.has(seq));
        highest = Math.max(highest, seq);
        seen.add(seq);
      }
      const gaps = order.missing(SIZE);
      const missing = gaps.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
      assert.deepEqual(
        missing,
        Array.from({ length: SIZE }, (_, i) => i).filter((seq) => !seen.has(seq)),
      );
    }),
  );
});
