import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotationSteps } from './rotation-steps.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const version = (state: 'current' | 'previous' | 'retired', notAfter: string | null = null) => ({
  version: 1,
  state,
  createdAt: '2026-11-01T00:00:00.000Z',
  notAfter,
});
const states = (more: Partial<Parameters<typeof rotationSteps>[0]>) =>
  rotationSteps({ busy: false, failed: false, switched: false, versions: [version('current')], nowMs: NOW, ...more })
    .map(({ state }) => state)
    .join(' ');

test('a rotation tries first, then switches, overlaps and erases', () => {
  assert.equal(states({}), 'waiting waiting waiting waiting');
  assert.equal(states({ busy: true }), 'running waiting waiting waiting');
  const overlap = [version('current'), version('previous', '2026-11-22T12:10:00.000Z')];
  assert.equal(states({ switched: true, versions: overlap }), 'done done running waiting');
  assert.equal(states({ switched: true, versions: overlap, nowMs: NOW + 600_001 }), 'done done done done');
  assert.equal(states({ switched: true, versions: [version('current'), version('retired')] }), 'done done done done');
});

test('one that the server refuses goes no further', () => {
  assert.equal(states({ failed: true }), 'failed waiting waiting waiting');
});
