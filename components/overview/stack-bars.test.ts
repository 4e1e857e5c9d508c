import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { heightOf, stackBars } from './stack-bars.ts';

const parts = fc.array(
  fc.record({ tone: fc.constantFrom('low', 'medium', 'high'), count: fc.integer({ min: 0, max: 1000 }) } as const),
  { maxLength: 4 },
);

test('stacked parts touch, leave nothing out but what is empty, and end at the sum', () => {
  fc.assert(
    fc.property(parts, (stack) => {
      const bars = stackBars(stack);
      assert.equal(bars.length, stack.filter(({ count }) => count > 0).length);
      assert.equal(bars.at(-1)?.to ?? 0, heightOf(stack));
      assert.ok(bars.every(({ from }, i) => from === (bars[i - 1]?.to ?? 0)));
    }),
  );
});
