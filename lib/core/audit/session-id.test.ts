import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditSessionId } from './session-id.ts';

test('two agents that declare the same session are chained apart', () => {
  assert.notEqual(auditSessionId('release-bot', 'run-1'), auditSessionId('triage', 'run-1'));
});

test('an agent cannot declare itself into the default session of another', () => {
  assert.notEqual(auditSessionId('mallory', 'agent:0192'), auditSessionId('release-bot', 'agent:0192'));
});

test('an entry without an agent keeps its session', () => {
  assert.equal(auditSessionId(undefined, 'boot'), 'boot');
});
