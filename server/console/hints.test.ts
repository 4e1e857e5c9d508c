import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allHints, growingNumber, hintsOf } from './hints.ts';

const ID = '01900000-0000-7000-8000-000000000000';

test('a changed request is a hint for itself alone: a page reads the one line, not the whole list', () => {
  assert.deepEqual(hintsOf('cs_approval', { id: ID, version: 3, status: 'denied' }, 9), [
    { topic: 'approval', id: ID, version: 3 },
  ]);
});

test('after a gap every list of requests is to be read again', () => {
  assert.ok(allHints(9).some((hint) => hint.topic === 'approvals' && hint.id === '*'));
});

test('nothing but ids and versions leaves, whatever the notification carried', () => {
  const hints = [
    ...hintsOf('cs_config', { version: 4, topic: 'servers', id: ID, secret: 'x' }, 9),
    ...hintsOf('cs_kill', { epoch: '7', reason: 'x' }, 10),
    ...hintsOf('cs_audit', { size: '12', entry: 'x' }, 11),
  ];
  assert.deepEqual(hints, [
    { topic: 'servers', id: ID, version: 4 },
    { topic: 'kill-switch', id: '*', version: 10 },
    { topic: 'audit', id: '*', version: 11 },
  ]);
});

test('grants and exceptions are hints of their own, and say nothing of what they allow', () => {
  const hints = [
    ...hintsOf('cs_grant', { id: ID, version: 5, status: 'active' }, 9),
    ...hintsOf('cs_exception', { kind: 'break-glass', id: ID }, 10),
    ...hintsOf('cs_config', { version: 8, topic: 'policies', id: '4' }, 11),
  ];
  assert.deepEqual(hints, [
    { topic: 'grants', id: ID, version: 5 },
    { topic: 'exceptions', id: '*', version: 10 },
    { topic: 'policies', id: '4', version: 8 },
  ]);
});

test('a notification that does not fit is dropped', () => {
  for (const payload of [null, 'x', {}, { id: '<img>', version: 1 }, { version: 1, topic: 'people' }]) {
    assert.deepEqual(hintsOf('cs_approval', payload, 1), []);
    assert.deepEqual(hintsOf('cs_config', payload, 1), []);
    assert.deepEqual(hintsOf('cs_session', payload, 1), []);
    assert.deepEqual(hintsOf('cs_grant', payload, 1), []);
    assert.deepEqual(hintsOf('cs_exception', payload, 1), []);
  }
});

test('hints after a reconnect are never older than any before, also after a restart', () => {
  const before = growingNumber();
  const last = Math.max(...Array.from({ length: 100 }, before));
  assert.ok(allHints(before()).every((hint) => hint.version > last));
  assert.ok(growingNumber()() > 1_600_000_000_000);
});
