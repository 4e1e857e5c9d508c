import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { offsetsOf, rangeInView, scrollToShow } from './line-window.ts';

const heights = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 300 });
const views = fc.record({ top: fc.integer({ min: 0, max: 20_000 }), height: fc.integer({ min: 1, max: 1200 }) });

describe('the lines in view', () => {
  it('are all that touch it, and few others', () => {
    fc.assert(
      fc.property(heights, views, fc.integer({ min: 0, max: 8 }), (all, view, over) => {
        const offsets = offsetsOf(all);
        const { from, to } = rangeInView(offsets, view, over);
        all.forEach((height, line) => {
          const start = offsets[line] ?? 0;
          const touches = start < view.top + view.height && start + height > view.top;
          if (touches) assert.ok(line >= from && line < to, `line ${line} of ${from} to ${to}`);
        });
        assert.ok(to - from <= view.height + 2 * over + 2);
      }),
    );
  });
  it('are none of an empty list', () => {
    assert.deepEqual(rangeInView(offsetsOf([]), { top: 0, height: 500 }, 8), { from: 0, to: 0 });
  });
});

describe('a line that is to be shown', () => {
  it('is wholly in view afterwards where the view is high enough, and nothing moves when it was', () => {
    fc.assert(
      fc.property(heights, views, fc.nat(), (all, view, any) => {
        const offsets = offsetsOf(all);
        const line = any % all.length;
        const top = scrollToShow(offsets, line, view);
        const [start = 0, end = 0] = [offsets[line], offsets[line + 1]];
        if (end - start > view.height) return;
        assert.ok(start >= top && end <= top + view.height);
        assert.equal(scrollToShow(offsets, line, { ...view, top }), top);
      }),
    );
  });
});
