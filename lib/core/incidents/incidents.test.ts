import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closedBy, INCIDENT_KINDS, kindWords, worseSeverity } from './kinds.ts';
import { isReopenedBy } from './states.ts';

test('every kind has words of its own', () => {
  assert.equal(new Set(INCIDENT_KINDS.map(kindWords)).size, INCIDENT_KINDS.length);
});

test('a guardrail that regressed is closed by evidence; a drill about it by whoever runs it', () => {
  assert.equal(closedBy('guardrail-regressed', false), 'evidence');
  assert.equal(closedBy('guardrail-regressed', true), 'person');
  assert.equal(closedBy('drill', true), 'evidence');
  assert.equal(closedBy('credential-leaked', false), 'person');
});

test('severity only rises', () => {
  assert.equal(worseSeverity('low', 'high'), 'high');
  assert.equal(worseSeverity('high', 'medium'), 'high');
  assert.equal(worseSeverity('medium', 'medium'), 'medium');
});

test('what comes back within a day was not over; a drill stays over', () => {
  const resolvedAt = new Date('2026-01-02T00:00:00Z');
  const after = (hours: number) => new Date(resolvedAt.getTime() + hours * 3_600_000);
  assert.equal(isReopenedBy({ drill: false, resolvedAt }, after(23.9)), true);
  assert.equal(isReopenedBy({ drill: false, resolvedAt }, after(24)), false);
  assert.equal(isReopenedBy({ drill: true, resolvedAt }, after(1)), false);
  assert.equal(isReopenedBy({ drill: false, resolvedAt: null }, after(1)), false);
});
