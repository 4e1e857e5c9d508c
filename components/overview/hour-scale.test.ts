import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fillHours, stack } from './hour-scale.ts';

const hour = (at: string, low: number, medium: number, high: number) => ({ hour: at, low, medium, high, denied: 0 });

describe('the chart of hours', () => {
  it('stacks low, medium, high from the axis and leaves out what is empty', () => {
    assert.deepEqual(stack(hour('2026-11-22T10:00:00.000Z', 3, 0, 2)), [
      { series: 'low', from: 0, to: 3 },
      { series: 'high', from: 3, to: 5 },
    ]);
  });
  it('shows silent hours as zeros and ends with the present hour', () => {
    const filled = fillHours([hour('2026-11-22T10:00:00.000Z', 1, 0, 0)], Date.parse('2026-11-22T11:30:00.000Z'), 3);
    assert.deepEqual(
      filled.map((h) => [h.hour, h.low]),
      [
        ['2026-11-22T09:00:00.000Z', 0],
        ['2026-11-22T10:00:00.000Z', 1],
        ['2026-11-22T11:00:00.000Z', 0],
      ],
    );
  });
});
