import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { SnapshotAgent } from '../snapshot/snapshot.ts';
import { isCurrentPrincipal, principalEndsAtMs } from './resolve-tool.ts';

const NOW = 1_000_000;
const agent: SnapshotAgent = {
  id: 'a',
  name: 'a',
  ownerId: 'o',
  client: 'sdk',
  requestTimeoutMs: null,
  pendingCap: 1,
  aggregate: false,
  tokenEpoch: 0,
  keys: new Map([
    ['over', NOW],
    ['good', NOW + 1],
  ]),
  servers: new Set(),
};
const snapshot = {
  agents: new Map([['a', agent]]),
  servers: new Map(),
  revokedTokens: new Set(['revoked']),
  tokens: new Map([['h', { agentId: 'a', audience: '/egress', expiresAtMs: NOW, keyId: null }]]),
};
const principal = (more: Partial<AgentPrincipal>): AgentPrincipal => ({
  kind: 'agent',
  id: 'a',
  name: 'a',
  ownerId: 'o',
  audience: '/egress',
  client: 'sdk',
  requestTimeoutMs: null,
  pendingCap: 1,
  aggregate: false,
  tokenEpoch: 0,
  ...more,
});
const isCurrent = (more: Partial<AgentPrincipal>) => isCurrentPrincipal(snapshot, principal(more), NOW);

test('a key whose overlap is over, another epoch, a revoked token are not current; a token that merely ran out is', () => {
  assert.equal(isCurrent({ keyId: 'good' }), true);
  assert.equal(isCurrent({ keyId: 'over' }), false);
  assert.equal(isCurrent({ keyId: 'gone' }), false);
  assert.equal(isCurrent({ tokenEpoch: 1 }), false);
  assert.equal(isCurrent({ tokenId: 'revoked' }), false);
  assert.equal(isCurrent({ tokenHash: 'unlisted' }), false);
  assert.equal(isCurrent({ tokenHash: 'h', expiresAtMs: NOW }), true);
});

test('a principal ends with its token: a static one as its row says now', () => {
  const ends = (more: Partial<AgentPrincipal>) => principalEndsAtMs(snapshot, principal(more));
  assert.equal(ends({ tokenHash: 'h', expiresAtMs: NOW + 500 }), NOW);
  assert.equal(ends({ tokenHash: 'unlisted', expiresAtMs: NOW + 500 }), 0);
  assert.equal(ends({ tokenId: 't', expiresAtMs: NOW + 5 }), NOW + 5);
  assert.equal(ends({}), Number.POSITIVE_INFINITY);
});
