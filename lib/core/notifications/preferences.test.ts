import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTICE_KINDS } from './kinds.ts';
import { type OnCallOrder, rotated, rotatesAt } from './on-call.ts';
import { channelsFor, DEFAULT_PREFERENCES, heldUntil } from './preferences.ts';
import { quietUntil } from './quiet-hours.ts';
import { CHAT_CAP, PUSH_CAP, planSend } from './rate-cap.ts';

const BOTH = ['web-push', 'email'] as const;

test('whoever has not chosen is told of what waits in the browser, and by mail of what matters most', () => {
  const told = NOTICE_KINDS.map((kind) => [
    kind,
    channelsFor(DEFAULT_PREFERENCES, { kind, onCall: false, available: BOTH }),
  ]);
  assert.deepEqual(Object.fromEntries(told), {
    'approval-high': BOTH,
    'approval-medium': ['web-push'],
    'approval-low': [],
    escalation: BOTH,
    expiry: ['web-push'],
    kill: BOTH,
    security: BOTH,
  });
  assert.equal(DEFAULT_PREFERENCES.highBreaksThrough, true);
});

test('whoever is on call and chose a channel is told there only', () => {
  const told = { kind: 'expiry', onCall: true, available: BOTH } as const;
  assert.deepEqual(channelsFor(DEFAULT_PREFERENCES, told), ['web-push']);
});

test('news waits through quiet hours, whatever its tier says', () => {
  const allDay = { from: '00:00', to: '00:00', timeZone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6] };
  const quiet = { ...DEFAULT_PREFERENCES, quietHours: allDay };
  for (const kind of ['kill', 'security'] as const) {
    assert.notEqual(heldUntil(quiet, { kind, tier: 'high', onCall: false }, 0), null, kind);
  }
  assert.equal(heldUntil(quiet, { kind: 'escalation', tier: 'high', onCall: false }, 0), null);
});

test('hours that are no time of a clock hold nothing back, and a quiet without end ends after a week', () => {
  const quiet = { from: '22:00', to: '07:00', timeZone: 'UTC', days: [0, 1, 2, 3, 4, 5, 6] };
  const night = Date.parse('2026-11-23T23:00:30Z');
  assert.equal(quietUntil(quiet, night), Date.parse('2026-11-24T07:00:00Z'));
  for (const broken of ['x22:00', '22:00x', '24:00', '22:60', '']) {
    assert.equal(quietUntil({ ...quiet, from: broken }, night), null, broken);
    assert.equal(quietUntil({ ...quiet, to: broken }, night), null, broken);
  }
  assert.equal(quietUntil({ ...quiet, from: '07:00', to: '07:00' }, night), night + 7 * 86_400_000);
});

test('an order of nobody or of one has nothing to move on to', () => {
  const order: OnCallOrder = { people: ['a', 'b'], nextAfterMinutes: 5, rotateEveryHours: 1, changedAtMs: 10_000_000 };
  assert.deepEqual(rotated({ ...order, people: [] }, 99_000_000), []);
  assert.equal(rotatesAt({ ...order, people: ['a'] }, 10_000_000), null);
  assert.equal(rotatesAt(order, 10_000_000), 10_000_000 + 3_600_000);
  assert.equal(rotatesAt(order, 0), 10_000_000 + 3_600_000, 'a clock that was set back');
  assert.equal(rotatesAt(order, 10_000_000 + 3 * 3_600_000), 10_000_000 + 4 * 3_600_000);
});

test('of equal weight the older goes first, then the lower id; the caps are those of people and of rooms', () => {
  const one = (id: string, createdAtMs: number) => ({ id, tier: 'low', createdAtMs }) as const;
  const leader = (...waiting: readonly ReturnType<typeof one>[]) => {
    const plan = planSend(waiting, [], CHAT_CAP, 0);
    return plan?.kind === 'send' ? plan.leader : null;
  };
  assert.equal(leader(one('a', 5), one('b', 3)), 'b');
  assert.equal(leader(one('a', 3), one('b', 5)), 'a');
  assert.equal(leader(one('b', 3), one('a', 3)), 'a');
  assert.equal(leader(one('a', 3), one('b', 3)), 'a');
  assert.deepEqual(
    [PUSH_CAP, CHAT_CAP],
    [
      { most: 1, perMs: 30_000 },
      { most: 20, perMs: 60_000 },
    ],
  );
});

test('with exactly as much room as messages all are sent in turn; the oldest send frees the room, in any order', () => {
  const waiting = ['a', 'b', 'c'].map((id) => ({ id, tier: 'low', createdAtMs: 0 }) as const);
  const cap = { most: 3, perMs: 100 };
  assert.deepEqual(planSend(waiting, [], cap, 50), { kind: 'send', leader: 'a', collapsed: [] });
  assert.deepEqual(planSend(waiting, [40], cap, 50), { kind: 'send', leader: 'a', collapsed: ['b', 'c'] });
  assert.deepEqual(planSend(waiting, [30, 10, 20], cap, 50), { kind: 'hold', untilMs: 110 });
});
