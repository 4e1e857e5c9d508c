import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PUSH_CAP, planSend, type RateCap, type Waiting } from './rate-cap.ts';

const T0 = 1_800_000_000_000;
const waits = (id: string, tier: Waiting['tier'] = 'medium', createdAtMs = T0): Waiting => ({ id, tier, createdAtMs });

test('one alone goes at once, by itself', () => {
  assert.deepEqual(planSend([waits('a')], [], PUSH_CAP, T0), { kind: 'send', leader: 'a', collapsed: [] });
  assert.equal(planSend([], [], PUSH_CAP, T0), null);
});

test('within half a minute after a push nothing goes; then one stands for all that wait', () => {
  const three = [waits('a'), waits('b', 'high', T0 + 5), waits('c', 'low')];
  assert.deepEqual(planSend(three, [T0 - 29_999], PUSH_CAP, T0), { kind: 'hold', untilMs: T0 + 1 });
  assert.deepEqual(planSend(three, [T0 - 30_000], PUSH_CAP, T0), {
    kind: 'send',
    leader: 'b',
    collapsed: ['a', 'c'],
  });
});

test('a flood of harmless ones never hides the dangerous one', () => {
  const flood = Array.from({ length: 50 }, (_, n) => waits(`low-${n}`, 'low', T0 - 1000 + n));
  const plan = planSend([...flood, waits('the-one', 'high', T0)], [], PUSH_CAP, T0);
  assert.equal(plan?.kind === 'send' && plan.leader, 'the-one');
});

test('a flood of requests never hides that something was stopped or broken, however dangerous each of them is', () => {
  const flood = Array.from({ length: 50 }, (_, n) => waits(`high-${n}`, 'high', T0 - 1000 + n));
  const plan = planSend([...flood, waits('kill', null, T0), waits('drift', null, T0 + 1)], [], PUSH_CAP, T0);
  assert.equal(plan?.kind === 'send' && plan.leader, 'kill');
  assert.ok(plan?.kind === 'send' && !plan.collapsed.includes('drift'), 'the count of another one is no news');
  const next = planSend([waits('high', 'high', T0), waits('drift', null, T0 + 1)], [T0 - 30_000], PUSH_CAP, T0);
  assert.equal(next?.kind === 'send' && next.leader, 'drift', 'each in its turn');
});

test('with room for all of them each goes in its own turn', () => {
  const hourly: RateCap = { most: 30, perMs: 3_600_000 };
  assert.deepEqual(planSend([waits('a'), waits('b')], [], hourly, T0), { kind: 'send', leader: 'a', collapsed: [] });
  const sent = Array.from({ length: 29 }, (_, n) => T0 - n * 1000 - 1);
  const last = planSend([waits('a'), waits('b'), waits('c')], sent, hourly, T0);
  assert.deepEqual(last, { kind: 'send', leader: 'a', collapsed: ['b', 'c'] });
});

const arrivals = fc.array(
  fc.record({ afterMs: fc.integer({ min: 0, max: 20_000 }), tier: fc.constantFrom('low', 'medium', 'high', null) }),
  { maxLength: 40 },
);

test('over any course of arrivals no window holds more than the cap, and every message is told', () => {
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 4 }), (course, most) => {
      const cap: RateCap = { most, perMs: 30_000 };
      let now = T0;
      const inbox = course.map(({ afterMs, tier }, n) => {
        now += afterMs;
        return { id: `m${n}`, tier, createdAtMs: now } as const;
      });
      const sent: number[] = [];
      const told = new Set<string>();
      for (let at = T0; told.size < inbox.length; at += 500) {
        const waiting = inbox.filter((one) => one.createdAtMs <= at && !told.has(one.id));
        const plan = planSend(waiting, sent, cap, at);
        if (plan?.kind === 'send') {
          sent.push(at);
          for (const id of [plan.leader, ...plan.collapsed]) {
            assert.equal(told.has(id), false, 'nobody is told twice');
            told.add(id);
          }
        }
        if (plan?.kind === 'hold') assert.ok(plan.untilMs > at, 'a hold ends later than now');
        assert.ok(at < now + 1_320_000, 'nothing waits for ever');
      }
      for (const [n, at] of sent.entries()) {
        const window = sent.slice(n).filter((other) => other - at < cap.perMs);
        assert.ok(window.length <= most, 'the cap holds in every window');
      }
    }),
  );
});
