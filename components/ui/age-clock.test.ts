import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockMark, clockOf, clockWords } from './age-clock.ts';

const since = '2026-11-01T00:00:00.000Z';
const NOW = Date.parse('2026-11-11T00:00:00.000Z');
const after = (days: number) => clockOf({ since, endsAt: new Date(NOW + days * 86_400_000).toISOString() }, NOW);
const endless = clockOf({ since, endsAt: null }, NOW);

test('a clock counts full days, and hours and minutes on its last', () => {
  const clocks = [after(80), after(2.5), after(1), after(0.25), after(0.01), after(0), endless];
  assert.deepEqual(clocks.map(clockWords), [
    '80 days left',
    '2 days left',
    '1 day left',
    '6 h left',
    '14 min left',
    'ended',
    'no end',
  ]);
  assert.deepEqual(clocks.slice(0, 5).map(clockMark), ['80', '2', '1', '6h', '15m']);
});

test('a clock says when it runs out, and how much of its time is left', () => {
  const clocks = [after(90), after(14), after(3), after(-1), endless];
  assert.deepEqual(
    clocks.map((clock) => [clock.state, Math.round(clock.share * 100)]),
    [
      ['running', 90],
      ['soon', 58],
      ['last', 23],
      ['ended', 0],
      ['endless', 100],
    ],
  );
});

test('what is short by its nature is warned of later', () => {
  const endsAt = new Date(NOW + 2 * 86_400_000).toISOString();
  assert.equal(clockOf({ since, endsAt }, NOW).state, 'last');
  assert.equal(clockOf({ since, endsAt }, NOW, { soonDays: 1, lastDays: 0.1 }).state, 'running');
});
