import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseScope } from '../kill-switch/scopes.ts';
import { INCIDENT_KINDS } from './kinds.ts';
import { resolve, take, workOn } from './moves.ts';
import { runbookOf } from './runbooks.ts';
import type { IncidentSubject } from './subject.ts';

const ABOUT: IncidentSubject = {
  agent: 'release-bot',
  server: 'files',
  tool: 'run&me?',
  callId: 'c-1',
  requestId: 'r-1',
  runId: 'run-1',
  session: 'release-bot/agent:one',
  credential: 'cr-1',
  token: 't-1',
  identity: 'agent:release-bot',
  host: 'evil.example',
};

test('every kind has at least two steps, each with an id of its own, an order and a reason', () => {
  for (const kind of INCIDENT_KINDS) {
    const steps = runbookOf(kind, ABOUT, false);
    assert.ok(steps.length >= 2, kind);
    assert.equal(new Set(steps.map(({ id }) => id)).size, steps.length, kind);
    for (const { id, title, why } of steps) {
      assert.match(id, /^[a-z][a-z-]{1,30}$/);
      assert.ok(title.length > 5 && title.length < 80 && why.endsWith('.'), `${kind}: ${title}`);
    }
  }
});

test('every button leads into the console or acts on what the incident is about', () => {
  for (const kind of INCIDENT_KINDS) {
    for (const { action } of runbookOf(kind, ABOUT, false)) {
      if (action?.kind === 'open')
        assert.ok(new URL(action.href, 'http://c').href === `http://c${action.href}`, action.href);
      if (action?.kind === 'kill') assert.ok(parseScope(action.scope).ok, action.scope);
    }
  }
  const leak = runbookOf('credential-leaked', ABOUT, false);
  assert.deepEqual(
    leak.map(({ action }) => action?.kind),
    ['quarantine', 'open', 'open', 'open', 'kill', 'open'],
  );
  // The log's name of a session is not the agent's.
  assert.deepEqual(leak[0]?.action, {
    kind: 'quarantine',
    text: 'Quarantine the session',
    agent: 'release-bot',
    session: 'agent:one',
  });
});

test('a hostile name changes no address', () => {
  const about = { agent: '../../settings?x=', server: 'a/b#c', tool: '&evil=', callId: '&a=b' };
  for (const kind of INCIDENT_KINDS) {
    for (const { action } of runbookOf(kind, about, false)) {
      if (action?.kind !== 'open') continue;
      assert.ok(!/\.\.\/|#|&(a=b|evil=)/.test(action.href), `${kind}: ${action.href}`);
    }
  }
});

test('in a drill, or without a subject, every button still leads somewhere and none acts in a drill', () => {
  for (const kind of INCIDENT_KINDS) {
    for (const { action } of runbookOf(kind, ABOUT, true)) {
      assert.ok(action === null || action.kind === 'open', `${kind}: ${action?.text}`);
    }
    for (const { action } of runbookOf(kind, {}, false)) {
      if (action?.kind === 'kill') assert.equal(action.scope, 'high-risk');
      else assert.ok(action === null || action.kind === 'open', `${kind}: ${action?.text}`);
    }
  }
});

const STANDING = { kind: 'tool-drifted', drill: false, state: 'open', acknowledgedBy: null } as const;

test('the moves: open is taken, taken is resolved by whoever has it, over is over', () => {
  const taken = { ...STANDING, state: 'acknowledged', acknowledgedBy: 'ana' } as const;
  const over = { ...STANDING, state: 'resolved' } as const;
  assert.deepEqual(take(STANDING, 'ana', false), { ok: true, value: { changes: true } });
  assert.deepEqual(take(taken, 'ana', false), { ok: true, value: { changes: false } });
  assert.deepEqual(take(taken, 'ben', false), { ok: false, error: 'taken' });
  assert.deepEqual(take(taken, 'ben', true), { ok: true, value: { changes: true } });
  assert.deepEqual(take(over, 'ben', true), { ok: false, error: 'over' });
  assert.deepEqual(resolve(STANDING, 'ana'), { ok: false, error: 'not-taken' });
  // The operator at the host has no id, and an open one has no holder: the two must not be taken for each other.
  assert.deepEqual(resolve(STANDING, null), { ok: false, error: 'not-taken' });
  assert.deepEqual(resolve(taken, 'ben'), { ok: false, error: 'not-taken' });
  assert.deepEqual(resolve(taken, 'ana'), { ok: true, value: true });
  assert.deepEqual(resolve(over, 'ana'), { ok: false, error: 'over' });
  assert.deepEqual(resolve({ ...taken, kind: 'guardrail-regressed' }, 'ana'), { ok: false, error: 'needs-evidence' });
  assert.deepEqual(workOn(over), { ok: false, error: 'over' });
});
