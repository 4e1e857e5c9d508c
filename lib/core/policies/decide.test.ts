import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTION_CLASSES, TIERS, type Tier } from '../risk/types.ts';
import { compileRules } from './compile.ts';
import { decide, type PolicyVerdict } from './decide.ts';
import { isLiteral, matchesGlob } from './glob.ts';
import type { Decision, PolicyCall, Rule } from './rule.ts';

/** Not a measure of speed: what stalls takes minutes or never ends, on any machine. */
const STALLED_MS = 30_000;

const CALL: PolicyCall = {
  agent: 'openclaw-prod',
  server: 'tickets',
  tool: 'create_issue',
  tier: 'medium',
  actionClass: 'ticketing',
};
const at = (tier: Tier): PolicyCall => ({ ...CALL, tier });
const rule = (name: string, then: Decision, when: Rule['when'] = {}, more: Partial<Rule> = {}): Rule => ({
  name,
  when,
  then,
  ...more,
});

for (const [tier, decision, pendingTtlS] of [
  ['low', 'allow', 3600],
  ['medium', 'hold', 3600],
  ['high', 'hold', 900],
] as const) {
  test(`without rules a ${tier} call is ${decision === 'allow' ? 'allowed' : 'held'} by its tier`, () => {
    assert.deepStrictEqual(decide({ rules: [], call: at(tier) }), {
      decision,
      rule: `default-${tier}`,
      matched: [],
      observed: null,
      terms: {
        quorum: 1,
        factors: [],
        stepUp: 'none',
        pendingTtlS,
        approvedTtlS: 900,
        voteTtlS: 900,
        undoS: 0,
        escalation: [],
      },
    });
  });
}

test('deny beats hold beats allow, whatever the order, and every matching rule is named', () => {
  const rules = [
    rule('a', 'allow'),
    rule('h', 'hold'),
    rule('d', 'deny'),
    rule('other', 'deny', { servers: ['files'] }),
  ];
  assert.deepStrictEqual(pick(decide({ rules, call: at('low') })), ['deny', 'd', ['a', 'h', 'd']]);
  assert.deepStrictEqual(pick(decide({ rules: rules.toReversed(), call: at('low') })), ['deny', 'd', ['d', 'h', 'a']]);
  assert.deepStrictEqual(pick(decide({ rules: rules.slice(0, 2), call: at('low') })), ['hold', 'h', ['a', 'h']]);
});

test('an allow rule names itself for low calls and cannot free what the tier holds', () => {
  const rules = [rule('free', 'allow')];
  assert.deepStrictEqual(pick(decide({ rules, call: at('low') })), ['allow', 'free', ['free']]);
  assert.deepStrictEqual(pick(decide({ rules, call: at('medium') })), ['hold', 'default-medium', ['free']]);
  assert.deepStrictEqual(pick(decide({ rules, call: at('high') })), ['hold', 'default-high', ['free']]);
});

test('of several hold rules the largest quorum and the shortest wait apply', () => {
  const rules = [
    rule('slow', 'hold', {}, { expiresInS: 7200 }),
    rule('two', 'hold', {}, { quorum: 2, expiresInS: 600 }),
    rule('plain', 'hold'),
  ];
  const verdict = decide({ rules, call: at('high') });
  assert.deepStrictEqual([verdict.rule, verdict.terms.quorum, verdict.terms.pendingTtlS], ['two', 2, 600]);
  assert.equal(decide({ rules: rules.slice(0, 1), call: at('high') }).terms.pendingTtlS, 7200);
});

for (const [quorum, expected] of [
  [0, 1],
  [-3, 1],
  [1.2, 2],
  [Number.NaN, 2 ** 31 - 1],
] as const) {
  test(`a quorum of ${quorum} asks for ${expected}`, () => {
    assert.equal(decide({ rules: [rule('h', 'hold', {}, { quorum })], call: CALL }).terms.quorum, expected);
  });
}

test('a waiting time that is none is ignored', () => {
  for (const expiresInS of [0, -1, Number.NaN]) {
    assert.equal(decide({ rules: [rule('h', 'hold', {}, { expiresInS })], call: at('high') }).terms.pendingTtlS, 900);
  }
});

const CONDITIONS: readonly (readonly [string, Rule['when'], boolean])[] = [
  ['nothing', {}, true],
  ['the agent', { agents: ['openclaw-prod'] }, true],
  ['a pattern of agents', { agents: ['claude-*', 'openclaw-*'] }, true],
  ['another agent', { agents: ['openclaw'] }, false],
  ['the server', { servers: ['tickets'] }, true],
  ['a pattern of servers', { servers: ['tick?ts'] }, true],
  ['the tool', { tools: ['create_issue'] }, true],
  ['a pattern of tools', { tools: ['create_*'] }, true],
  ['the qualified tool', { tools: ['tickets__create_issue'] }, true],
  ['a pattern of qualified tools', { tools: ['tick*__create_*'] }, true],
  ['the tool of another server', { tools: ['files__create_issue'] }, false],
  ['the tier', { tiers: ['medium', 'high'] }, true],
  ['another tier', { tiers: ['high'] }, false],
  ['the class', { classes: ['ticketing'] }, true],
  ['another class', { classes: ['shell'] }, false],
  [
    'all of them',
    { agents: ['*'], servers: ['tickets'], tools: ['*'], tiers: ['medium'], classes: ['ticketing'] },
    true,
  ],
  [
    'all but one',
    { agents: ['*'], servers: ['tickets'], tools: ['x'], tiers: ['medium'], classes: ['ticketing'] },
    false,
  ],
  ['the same name in other letters', { servers: ['Tickets'] }, false],
];
for (const [name, when, matches] of CONDITIONS) {
  test(`a rule on ${name} ${matches ? 'matches' : 'does not match'}`, () => {
    assert.equal(decide({ rules: [rule('r', 'deny', when)], call: CALL }).decision, matches ? 'deny' : 'hold');
  });
}

test('an empty list counts as met for deny and hold and as unmet for allow', () => {
  for (const when of [
    { agents: [] },
    { servers: [] },
    { tools: [] },
    { tiers: [] },
    { classes: [] },
    { tools: [], servers: ['tickets'] },
  ]) {
    assert.equal(decide({ rules: [rule('d', 'deny', when)], call: at('low') }).decision, 'deny', JSON.stringify(when));
    assert.equal(decide({ rules: [rule('h', 'hold', when)], call: at('low') }).decision, 'hold', JSON.stringify(when));
    assert.deepStrictEqual(decide({ rules: [rule('a', 'allow', when)], call: at('low') }).matched, []);
  }
});

const STRICTNESS: readonly Decision[] = ['allow', 'hold', 'deny'];
const globs = fc.uniqueArray(fc.constantFrom('a', 'b', 'a*', '*', '?', 'a__b', '*__*'), { maxLength: 3 });
const classes = ['shell', 'other', 'money'] as const;
const whens: fc.Arbitrary<Rule['when']> = fc.record(
  { agents: globs, servers: globs, tools: globs, tiers: fc.subarray([...TIERS]), classes: fc.subarray([...classes]) },
  { requiredKeys: [] },
);
const rules = fc.array(
  fc
    .tuple(fc.constantFrom('r1', 'r2', 'r3'), fc.constantFrom(...STRICTNESS), whens, fc.integer({ min: -1, max: 4 }))
    .map(([name, then, when, quorum]) => rule(name, then, when, { quorum })),
  { maxLength: 12 },
);
const calls = fc.record({
  agent: fc.constantFrom('a', 'b', 'c'),
  server: fc.constantFrom('a', 'b', 'c'),
  tool: fc.constantFrom('a', 'b', 'ab'),
  tier: fc.constantFrom(...TIERS),
  actionClass: fc.constantFrom(...ACTION_CLASSES.slice(0, 3), 'other' as const),
});

test('adding a rule never frees: only an allow rule over a low default can name itself', () => {
  fc.assert(
    fc.property(rules, rules, calls, (before, added, call) => {
      const [old, now] = [decide({ rules: before, call }), decide({ rules: [...before, ...added], call })];
      assert.ok(STRICTNESS.indexOf(now.decision) >= STRICTNESS.indexOf(old.decision));
      if (now.decision === 'hold') assert.ok(now.terms.quorum >= (old.decision === 'hold' ? old.terms.quorum : 1));
    }),
    { numRuns: 1000 },
  );
});

test('medium and high calls are never allowed, whatever the rules', () => {
  fc.assert(
    fc.property(rules, calls, (list, call) => {
      if (call.tier !== 'low') assert.notEqual(decide({ rules: list, call }).decision, 'allow');
    }),
  );
});

test('the index finds exactly the rules that a plain walk finds', () => {
  fc.assert(
    fc.property(rules, calls, (list, call) => {
      const named = list.map((r, i) => ({ ...r, name: String(i) }));
      const alone = named.filter((r) => decide({ rules: [r], call }).matched.length === 1).map((r) => r.name);
      assert.deepStrictEqual(decide({ rules: compileRules(named), call }).matched, alone);
    }),
    { numRuns: 1000 },
  );
});

test('a compiled policy looks only at rules that could concern the call', () => {
  const many = Array.from({ length: 1000 }, (_, i) =>
    rule(`r${i}`, 'hold', { servers: [`s${i}`], tools: ['create_*'] }),
  );
  const compiled = compileRules(many);
  assert.equal(compiled.rest.length, 0);
  assert.deepStrictEqual(pick(decide({ rules: compiled, call: { ...CALL, server: 's7' } })), ['hold', 'r7', ['r7']]);
});

const GLOBS: readonly (readonly [string, string, boolean])[] = [
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['*', 'anything/at all', true],
  ['?', '', false],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbbcd', false],
  ['*a*b*', 'xxaxxbxx', true],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
  ['a**b', 'ab', true],
];
for (const [pattern, text, expected] of GLOBS) {
  test(`the pattern "${pattern}" ${expected ? 'matches' : 'does not match'} "${text}"`, () => {
    assert.equal(matchesGlob(pattern, text), expected);
  });
}

test('a pattern agrees with the regular expression it stands for', () => {
  const letters = fc.array(fc.constantFrom('a', 'b', '*', '?'), { maxLength: 8 }).map((l) => l.join(''));
  const texts = fc.array(fc.constantFrom('a', 'b'), { maxLength: 8 }).map((l) => l.join(''));
  fc.assert(
    fc.property(letters, texts, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      assert.equal(matchesGlob(pattern, text), expression.test(text));
      if (isLiteral(pattern)) assert.equal(matchesGlob(pattern, text), pattern === text);
    }),
    { numRuns: 2000 },
  );
});

test('a pattern made to stall a backtracking matcher is decided at once', () => {
  const started = performance.now();
  assert.equal(matchesGlob(`${'*a'.repeat(200)}*b`, 'a'.repeat(5000)), false);
  assert.ok(performance.now() - started < STALLED_MS);
});

function pick(verdict: PolicyVerdict) {
  return [verdict.decision, verdict.rule, verdict.matched];
}
