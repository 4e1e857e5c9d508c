import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type ObserveWindow, runningWindows, stageOf } from './observe-stage.ts';
import { observeScopeWords } from './scope-words.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const iso = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
const asked: ObserveWindow = {
  id: '0197a1b2-0000-7000-8000-000000000001',
  scope: 'control:approvals',
  reason: 'first week',
  minutes: 60,
  openedBy: 'Ana',
  openedByMe: true,
  openedAt: iso(-10),
  confirmedBy: null,
  confirmableAt: null,
  startsAt: null,
  endsAt: null,
  endedAt: null,
  wouldHold: 0,
  wouldDeny: 0,
};

describe('an observe window', () => {
  it('waits until somebody confirms, runs until its end, and is over after', () => {
    assert.equal(stageOf(asked, NOW), 'asked');
    const running = { ...asked, startsAt: iso(-5), endsAt: iso(55) };
    assert.equal(stageOf(running, NOW), 'running');
    assert.equal(stageOf({ ...running, endsAt: iso(0) }, NOW), 'ended');
    assert.equal(stageOf({ ...running, endedAt: iso(-1) }, NOW), 'ended');
    assert.equal(stageOf({ ...asked, endedAt: iso(-1) }, NOW), 'ended');
    assert.deepEqual(runningWindows([asked, running], NOW), [running]);
  });
  it('says in words what passes', () => {
    assert.equal(observeScopeWords('control:policies'), 'Policies: denied calls pass');
    assert.equal(observeScopeWords('rule:two-people'), 'Rule two-people');
    assert.equal(observeScopeWords('odd'), 'odd');
  });
});
