import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHIME_REST_MS, judgeChime } from './chime.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const row = (id: string, tier: 'low' | 'medium' | 'high' = 'medium', agoMs = 1000) => ({
  id,
  tier,
  status: 'pending' as const,
  requestedAt: new Date(NOW - agoMs).toISOString(),
});
const long = { nowMs: NOW, lastMs: 0 };

test('the first list is silent, and what comes after it is heard once', () => {
  const first = judgeChime(null, [row('a', 'high')], long);
  assert.equal(first.tone, null);
  const second = judgeChime(first.known, [row('a', 'high'), row('b')], long);
  assert.equal(second.tone, 'other');
  assert.equal(judgeChime(second.known, [row('a', 'high'), row('b')], long).tone, null);
});

test('one of high tier among others gives the sound of high tier', () => {
  assert.equal(judgeChime(new Set(), [row('a'), row('b', 'high'), row('c', 'low')], long).tone, 'high');
});

test('a flood is no siren: nothing sounds until the rest is over, and what came meanwhile is known', () => {
  const soon = judgeChime(new Set(), [row('a', 'high')], { nowMs: NOW, lastMs: NOW - CHIME_REST_MS + 1 });
  assert.equal(soon.tone, null);
  assert.equal(judgeChime(soon.known, [row('a', 'high')], long).tone, null);
  assert.equal(judgeChime(new Set(), [row('a', 'high')], { nowMs: NOW, lastMs: NOW - CHIME_REST_MS }).tone, 'high');
});

test('older rows that only came into the list, and decided ones, are no news', () => {
  assert.equal(judgeChime(new Set(), [row('a', 'high', 60_000)], long).tone, null);
  assert.equal(judgeChime(new Set(), [row('a', 'high', 59_999)], long).tone, 'high');
  assert.equal(judgeChime(new Set(), [{ ...row('a', 'high'), status: 'approved' as const }], long).tone, null);
});
