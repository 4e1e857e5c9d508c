import assert from 'node:assert/strict';
import { test } from 'node:test';
import { comparePolicies } from './compare.ts';
import { hasLooserPart, loosenedBy } from './compare-calls.ts';
import type { PolicyVerdict } from './decide.ts';
import type { Decision, HoldTerms, Rule } from './rule.ts';
import type { PolicyWorld } from './world.ts';

const TERMS: HoldTerms = {
  quorum: 2,
  factors: [{ groups: ['sec', 'ops'], count: 2 }],
  stepUp: 'passkey',
  pendingTtlS: 600,
  approvedTtlS: 600,
  voteTtlS: 600,
  undoS: 5,
  escalation: [{ afterS: 60, groups: ['lead'] }],
};
const LOOSER: Readonly<Record<string, Partial<HoldTerms>>> = {
  quorum: { quorum: 1 },
  'fewer of the groups': { factors: [{ groups: ['ops', 'sec'], count: 1 }] },
  'of other groups': { factors: [{ groups: ['ops'], count: 2 }] },
  'of anybody': { factors: [] },
  'without a passkey': { stepUp: 'none' },
  'a longer wait': { pendingTtlS: 601 },
  'a longer approval': { approvedTtlS: 601 },
  'a longer vote': { voteTtlS: 601 },
  'a shorter undo': { undoS: 4 },
  'an earlier escalation': { escalation: [{ afterS: 59, groups: ['lead'] }] },
  'an escalation to others': { escalation: [...TERMS.escalation, { afterS: 900, groups: ['all'] }] },
};
const verdict = (decision: Decision, terms = TERMS): PolicyVerdict => ({
  decision,
  rule: 'r',
  matched: [],
  observed: null,
  terms,
});

for (const [name, part] of Object.entries(LOOSER)) {
  test(`terms are looser by ${name}, and not by its opposite`, () => {
    const now = { ...TERMS, ...part };
    assert.equal(hasLooserPart(TERMS, now), true);
    assert.equal(loosenedBy(verdict('hold'), verdict('hold', now)), 1);
    if (name === 'of other groups') return;
    assert.equal(hasLooserPart(now, TERMS), false);
    assert.equal(loosenedBy(verdict('hold', now), verdict('hold')), -1);
  });
}

test('equal terms differ in nothing, also with groups in another order', () => {
  const turned = { ...TERMS, factors: [{ groups: ['ops', 'sec'], count: 2 }] };
  assert.equal(loosenedBy(verdict('hold'), verdict('hold', turned)), 0);
});

test('where anybody counted before, asking others too widens nothing', () => {
  const open = { ...TERMS, factors: [], escalation: [] };
  assert.equal(hasLooserPart(open, { ...open, escalation: [{ afterS: 1, groups: ['all'] }] }), false);
});

test('decisions are compared before terms, and terms of what is not held are not', () => {
  for (const [old, now, by] of [
    ['deny', 'hold', 10],
    ['deny', 'allow', 20],
    ['hold', 'allow', 10],
    ['allow', 'deny', -20],
    ['hold', 'deny', -10],
    ['allow', 'allow', 0],
    ['deny', 'deny', 0],
  ] as const) {
    assert.equal(loosenedBy(verdict(old), verdict(now, { ...TERMS, quorum: 1 })), by, `${old} ${now}`);
  }
});

const WORLD: PolicyWorld = {
  agents: ['a'],
  tools: [{ server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell' }],
  groups: new Map(),
  reviewers: 3,
  defaults: { undoHighS: 3, freesAllowed: true },
  nowMs: Date.parse('2026-11-18T12:00:00Z'),
};
const rule = (then: Decision, more: Partial<Rule> = {}): Rule => ({
  name: 'r',
  when: { tools: ['exec'], tiers: ['high'] },
  then,
  ...more,
});
const told = (before: readonly Rule[], after: readonly Rule[]) => {
  const { looser, stricter } = comparePolicies(before, after, WORLD);
  return [...new Set([...looser, ...stricter].map(({ sentence }) => sentence))];
};
const wide = rule('hold', {
  quorum: 3,
  factors: [{ groups: ['sec', 'ops'], count: 1 }],
  stepUp: 'passkey',
  expiresInS: 60,
  approvedForS: 120,
  voteTtlS: 180,
  undoS: 30,
  escalate: [{ afterS: 60, groups: ['lead'] }],
});
const narrow = rule('hold', { quorum: 2, expiresInS: 90, approvedForS: 240, voteTtlS: 3600, undoS: 1 });

test('an example of other terms says of each part what becomes of it', () => {
  assert.deepStrictEqual(told([wide], [narrow]), [
    'Holds change: 3 people become 2, from 3 of ops/sec to anybody, no passkey is asked for any more, they wait 1.5 minutes instead of 1 minute, an approval is good for 4 minutes instead of 2 minutes, a vote counts for 1 hour instead of 3 minutes, 1 second to undo instead of 30 seconds, other groups are asked when nobody decides.',
  ]);
  assert.deepStrictEqual(told([rule('hold')], [rule('hold', { stepUp: 'passkey' })]), [
    'Holds change: a passkey is asked for.',
  ]);
  assert.deepStrictEqual(told([rule('hold')], [rule('hold', { quorum: 2 })]), ['Holds change: 1 people become 2.']);
});

test('an example of another decision says what such calls do today and would do', () => {
  const free = rule('allow', { frees: true });
  for (const [before, after, words] of [
    [[], [free], 'wait for people today (default-high) would pass (r)'],
    [[free], [], 'pass today (r) would wait for people (default-high)'],
    [[], [rule('deny')], 'wait for people today (default-high) would be refused (r)'],
    [[rule('deny')], [], 'are refused today (r) would wait for people (default-high)'],
    [[rule('deny')], [free], 'are refused today (r) would pass (r)'],
  ] as const) {
    assert.deepStrictEqual(told(before, after), [`Calls of tier high that ${words}.`]);
  }
});
