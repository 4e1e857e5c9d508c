import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUDIT_EVENT_TYPES } from '../audit/event-types.ts';
import { REFUSALS_AN_HOUR, signalOf, WATCHED_TYPES, type WatchedEntry } from './from-log.ts';

const entry = (over: Partial<WatchedEntry>): WatchedEntry => ({
  type: 'call.intent',
  eventId: 'e-1',
  actorId: 'p-1',
  actorName: 'Ana',
  agent: null,
  server: null,
  tool: null,
  session: null,
  callId: null,
  requestId: null,
  outcome: null,
  detail: {},
  ...over,
});

test('what is watched is in the log’s own list, and incidents open none', () => {
  const known: readonly string[] = AUDIT_EVENT_TYPES;
  for (const type of WATCHED_TYPES) assert.ok(known.includes(type) && !type.startsWith('incident.'), type);
  for (const type of known.filter((one) => !WATCHED_TYPES.includes(one))) {
    assert.equal(signalOf(entry({ type }), 99), null, type);
  }
  assert.equal(signalOf(entry({ type: 'constructor' }), 99), null);
});

test('whatever an entry holds, a title is one line of plain ASCII', () => {
  const hostile = 'a\u202E<b>\n\u{E0041}[x](javascript:1)';
  for (const type of WATCHED_TYPES) {
    const detail = {
      scope: `agent:${hostile}`,
      name: hostile,
      of: hostile,
      channel: hostile,
      identity: `agent:${hostile}`,
    };
    const made = signalOf(
      entry({ type, agent: hostile, server: hostile, tool: hostile, outcome: 'missed', detail }),
      99,
    );
    assert.match(made?.title ?? '', /^[\x20-\x7e]+$/, type);
    assert.ok(!/[<>()]/.test(made?.title ?? ''), type);
  }
});

test('a wide stop is urgent, a narrow one is for today', () => {
  const stop = (scope: string) => signalOf(entry({ type: 'kill.on', detail: { scope } }), 0);
  assert.equal(stop('everything')?.severity, 'high');
  assert.equal(stop('tier:high')?.severity, 'high');
  assert.equal(stop('agent:release-bot')?.severity, 'medium');
  assert.notEqual(stop('everything')?.key, stop('high-risk')?.key);
});

test('refused destinations are news when they go on, and at once when they lead inside', () => {
  const refused = (reason: string, recent: number) =>
    signalOf(entry({ type: 'egress.denied', agent: 'a', detail: { identity: 'agent:a', host: 'h', reason } }), recent);
  const unlisted = 'The destination is not on the allowlist.';
  assert.equal(refused(unlisted, REFUSALS_AN_HOUR - 1), null);
  assert.equal(refused(unlisted, REFUSALS_AN_HOUR)?.kind, 'egress-repeated');
  assert.equal(refused('The host resolves to a cloud metadata service.', 0)?.severity, 'high');
  const inside = refused('The host resolves to an address that is not public: loopback.', 0);
  assert.deepEqual(
    [inside?.kind, inside?.severity, inside?.key],
    ['egress-internal', 'medium', 'egress-internal:agent:a'],
  );
});

test('break-glass names whose it was, so that they do not close the book on it', () => {
  const opened = signalOf(entry({ type: 'break-glass.opened', detail: { breakGlass: 'b-1' } }), 0);
  const overdue = signalOf(
    entry({ type: 'break-glass.overdue', actorId: 's', detail: { breakGlass: 'b-1', personId: 'p-1' } }),
    0,
  );
  assert.equal(opened?.subject.personId, 'p-1');
  assert.equal(overdue?.subject.personId, 'p-1');
  assert.equal(opened?.key, overdue?.key);
});

test('a plant that was caught, or ran out, is nobody’s incident', () => {
  const judged = (outcome: string) =>
    signalOf(entry({ type: 'calibration.judged', outcome, detail: { plant: 'x' } }), 0);
  assert.equal(judged('caught'), null);
  assert.equal(judged('expired'), null);
  assert.equal(judged('missed')?.kind, 'plant-missed');
});
