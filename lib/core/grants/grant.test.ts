import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import type { HoldTerms, PolicyCall } from '../policies/rule.ts';
import { compileGrant, type GrantTerms, grantCovers, grantDigest, grantSentence } from './grant.ts';

const TERMS: GrantTerms = {
  id: '019a0000-0000-7000-8000-000000000001',
  agentId: '019a0000-0000-7000-8000-000000000002',
  agentName: 'release-bot',
  serverId: '019a0000-0000-7000-8000-000000000003',
  serverName: 'github',
  serverConfigHash: 'c'.repeat(64),
  toolName: 'create_issue',
  toolDigest: 'd'.repeat(64),
  actionClass: null,
  condition: 'args.repo == "acme/site"',
  maxUses: 10,
  minutes: 30,
  quorum: 2,
  factors: [{ groups: ['sec'], count: 1 }],
  stepUp: 'none',
  tier: 'medium',
  policyVersion: 7,
  killEpoch: '3',
};
const CALL: PolicyCall = {
  agent: 'release-bot',
  server: 'github',
  tool: 'create_issue',
  tier: 'medium',
  actionClass: 'ticketing',
  args: { repo: 'acme/site' },
  session: 's',
  tainted: false,
};
const NEED: HoldTerms = {
  quorum: 1,
  factors: [],
  stepUp: 'none',
  pendingTtlS: 900,
  approvedTtlS: 900,
  voteTtlS: 900,
  undoS: 3,
  escalation: [],
};
function covers(terms: Partial<GrantTerms>, call: Partial<PolicyCall> = {}, need: Partial<HoldTerms> = {}): string {
  const grant = compileGrant({ ...TERMS, ...terms });
  assert.ok(grant.ok);
  return grantCovers(grant.value, { ...CALL, ...call }, { ...NEED, ...need });
}
const BY_CLASS = { toolName: null, toolDigest: null, actionClass: 'ticketing' } as const;

const CASES: readonly (readonly [string, string, Partial<GrantTerms>, Partial<PolicyCall>, Partial<HoldTerms>])[] = [
  ['exactly what it names', 'covers', {}, {}, {}],
  ['another agent', 'agent', {}, { agent: 'release-bot-2' }, {}],
  ['another server', 'server', {}, { server: 'gitlab' }, {}],
  ['another tool', 'tool', {}, { tool: 'create_issues' }, {}],
  ['a tool of its class', 'covers', BY_CLASS, { tool: 'close_issue' }, {}],
  ['a tool of another class', 'class', BY_CLASS, { actionClass: 'shell' }, {}],
  ['anything when it names neither tool nor class', 'tool', { toolName: null }, {}, {}],
  ['anything when it names both', 'tool', { actionClass: 'ticketing' }, {}, {}],
  ['a tool whose tier was raised', 'tier', {}, { tier: 'high' }, {}],
  ['a tool whose tier was lowered', 'covers', {}, { tier: 'low' }, {}],
  ['other arguments', 'condition', {}, { args: { repo: 'acme/other' } }, {}],
  ['arguments on which its condition errs', 'condition', {}, { args: {} }, {}],
  ['no arguments', 'condition', {}, { args: undefined }, {}],
  ['any arguments without a condition', 'covers', { condition: null }, { args: {} }, {}],
  ['a hold that asks for more people', 'quorum', {}, {}, { quorum: 3 }],
  ['a hold that asks for another group', 'quorum', {}, {}, { factors: [{ groups: ['ops'], count: 1 }] }],
  ['a hold that asks for its group', 'covers', {}, {}, { factors: [{ groups: ['sec'], count: 1 }] }],
  ['a hold that asks for a passkey', 'quorum', {}, {}, { stepUp: 'passkey' }],
  ['a hold that asks for a passkey, approved with one', 'covers', { stepUp: 'passkey' }, {}, { stepUp: 'passkey' }],
];
for (const [name, expected, terms, call, need] of CASES) {
  test(`a grant over ${name}: ${expected}`, () => assert.equal(covers(terms, call, need), expected));
}

test('a grant whose condition does not compile is none', () => {
  assert.equal(compileGrant({ ...TERMS, condition: 'args.repo ==' }).ok, false);
});

test('a condition compiled for other terms does not stand in', () => {
  const wide = compileGrant({ ...TERMS, condition: 'true' });
  assert.ok(wide.ok);
  assert.equal(grantCovers({ ...wide.value, terms: TERMS }, CALL, NEED), 'condition');
  assert.equal(grantCovers({ condition: null, terms: TERMS }, CALL, NEED), 'condition');
});

test('the digest can be recomputed by anyone, and every term changes it', () => {
  const { factors, ...rest } = TERMS;
  const sorted = Object.fromEntries(
    Object.entries({ ...rest, factors: [{ count: 1, groups: ['sec'] }] }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const expected = createHash('sha256')
    .update(`countersign/grant/v1\n${JSON.stringify(sorted)}`)
    .digest('hex');
  assert.equal(grantDigest(TERMS), expected);
  const others: readonly Partial<GrantTerms>[] = [
    { id: 'x' },
    { agentId: 'x' },
    { agentName: 'x' },
    { serverId: 'x' },
    { serverName: 'x' },
    { serverConfigHash: 'x' },
    { toolName: 'x' },
    { toolDigest: 'x' },
    { actionClass: 'shell' },
    { condition: null },
    { maxUses: 11 },
    { minutes: 31 },
    { quorum: 1 },
    { factors },
    { factors: [] },
    { stepUp: 'passkey' },
    { tier: 'high' },
    { policyVersion: 8 },
    { killEpoch: '4' },
  ];
  const digests = others.map((other) => grantDigest({ ...TERMS, ...other }));
  assert.equal(new Set([...digests, expected]).size, others.length);
  // An extra property of the caller does not enter it.
  assert.equal(grantDigest(Object.assign({ note: 'x' }, TERMS)), expected);
});

test('a grant is one sentence made of its terms', () => {
  assert.equal(
    grantSentence(TERMS),
    'For 30 minutes release-bot may call create_issue of github at most 10 times, up to tier medium, where args.repo == "acme/site".',
  );
  assert.equal(
    grantSentence({ ...TERMS, ...BY_CLASS, condition: null, maxUses: 1, minutes: 60 }),
    'For 1 hour release-bot may call any ticketing tool of github once, up to tier medium, with any arguments.',
  );
});
