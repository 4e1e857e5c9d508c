import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinQuarantines, sessionlessKey, standingOf } from './session-quarantine.ts';

test('without a quarantine every session is free', () => {
  assert.equal(standingOf(joinQuarantines([]), 'any'), 'free');
});

test('a quarantined session is out under its own name, under a new one, and without one', () => {
  const quarantine = joinQuarantines([{ session: 'bad', others: ['beside'] }]);
  assert.equal(standingOf(quarantine, 'bad'), 'quarantined');
  assert.equal(standingOf(quarantine, 'fresh'), 'began-later');
  assert.equal(standingOf(quarantine, sessionlessKey('a')), 'began-later');
  assert.equal(standingOf(quarantine, 'beside'), 'free');
});

test('with two quarantines only a session that both of them knew goes on', () => {
  const quarantine = joinQuarantines([
    { session: 'one', others: ['beside', 'two'] },
    { session: 'two', others: ['beside', 'opened-later'] },
  ]);
  assert.equal(standingOf(quarantine, 'beside'), 'free');
  assert.equal(standingOf(quarantine, 'two'), 'quarantined');
  assert.equal(standingOf(quarantine, 'opened-later'), 'began-later');
  const turned = joinQuarantines([
    { session: 'one', others: ['opened-later', 'beside'] },
    { session: 'two', others: ['beside'] },
  ]);
  assert.equal(standingOf(turned, 'opened-later'), 'began-later');
});

test('calls without a session have a key of their own for each agent', () => {
  assert.equal(sessionlessKey('a'), 'agent:a');
});
