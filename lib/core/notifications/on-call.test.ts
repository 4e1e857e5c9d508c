import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { askedAtFirst, askedByStep } from './asked-groups.ts';
import { type OnCallOrder, rotated, rotatesAt, toldByNow } from './on-call.ts';

const T0 = 1_800_000_000_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const order: OnCallOrder = { people: ['a', 'b', 'c'], nextAfterMinutes: 5, rotateEveryHours: null, changedAtMs: T0 };
const all = { sinceMs: T0, wanted: 1, eligible: ['a', 'b', 'c', 'd'] };

test('the first is told at once, the next after so many minutes each', () => {
  const told = (minutes: number) => toldByNow(order, all, T0 + minutes * MINUTE_MS);
  assert.deepEqual(
    [told(0), told(4.9), told(5), told(10), told(60)],
    [['a'], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c']],
  );
});

test('as many are told at once as votes are wanted', () => {
  assert.deepEqual(toldByNow(order, { ...all, wanted: 2 }, T0), ['a', 'b']);
});

test('whoever may not decide is passed over, and nobody’s turn is spent on them', () => {
  assert.deepEqual(toldByNow(order, { ...all, eligible: ['b', 'c'] }, T0), ['b']);
});

test('when nobody on the list may decide, everybody who may is told', () => {
  assert.deepEqual(toldByNow(order, { ...all, eligible: ['d', 'e'] }, T0), ['d', 'e']);
  assert.deepEqual(toldByNow({ ...order, people: [] }, all, T0), all.eligible);
});

test('the list moves on by one for every period, and a round keeps the list it began with', () => {
  const weekly = { ...order, rotateEveryHours: 168 };
  assert.deepEqual(rotated(weekly, T0 + 167 * HOUR_MS), ['a', 'b', 'c']);
  assert.deepEqual(rotated(weekly, T0 + 168 * HOUR_MS), ['b', 'c', 'a']);
  assert.deepEqual(rotated(weekly, T0 + 3 * 168 * HOUR_MS), ['a', 'b', 'c']);
  assert.equal(rotatesAt(weekly, T0 + HOUR_MS), T0 + 168 * HOUR_MS);
  assert.equal(rotatesAt(order, T0), null);
  const round = { ...all, sinceMs: T0 + 168 * HOUR_MS - MINUTE_MS };
  assert.deepEqual(toldByNow(weekly, round, T0 + 168 * HOUR_MS + 5 * MINUTE_MS), ['a', 'b']);
});

test('nobody who was told is ever untold while time goes on', () => {
  const people = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 0, maxLength: 6 });
  fc.assert(
    fc.property(
      people,
      people,
      fc.integer({ min: 1, max: 3 }),
      fc.nat(500),
      fc.nat(500),
      (list, eligible, wanted, m, n) => {
        const at = (minutes: number) =>
          toldByNow(
            { ...order, people: list, rotateEveryHours: 1 },
            { sinceMs: T0, wanted, eligible },
            T0 + minutes * MINUTE_MS,
          );
        const [early, late] = [at(Math.min(m, n)), at(Math.max(m, n))];
        assert.ok(early.every((id) => late.includes(id)));
        assert.ok(
          late.every((id) => eligible.includes(id)),
          'only people who may decide',
        );
        assert.equal(early.length === 0, eligible.length === 0, 'an order silences no group');
      },
    ),
  );
});

test('a request without groups asks any reviewer; factors ask their groups; a step its own', () => {
  assert.deepEqual(askedAtFirst([], 2), [{ group: '*', wanted: 2 }]);
  assert.deepEqual(
    askedAtFirst(
      [
        { groups: ['ops', 'sec'], count: 1 },
        { groups: ['sec'], count: 2 },
      ],
      1,
    ),
    [
      { group: 'ops', wanted: 1 },
      { group: 'sec', wanted: 2 },
    ],
  );
  const steps = [
    { afterS: 60, groups: ['leads'] },
    { afterS: 120, groups: ['cto', 'cto'] },
  ];
  assert.deepEqual(askedByStep(steps, 2), [{ group: 'cto', wanted: 1 }]);
  assert.deepEqual(askedByStep(steps, 3), []);
});
