import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lintFindingSchema } from '#lib/contracts/policies.ts';
import { lintRules } from './lint.ts';
import type { Decision, Rule } from './rule.ts';
import type { PolicyWorld } from './world.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const WORLD: PolicyWorld = {
  agents: ['release-bot'],
  tools: [
    { server: 'github', tool: 'create_issue', tier: 'medium', actionClass: 'ticketing' },
    { server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell' },
  ],
  groups: new Map([
    ['sec', 2],
    ['ops', 1],
  ]),
  reviewers: 3,
  defaults: { undoHighS: 3, freesAllowed: true },
  nowMs: NOW,
};
const rule = (then: Decision, when: Rule['when'] = {}, more: Partial<Rule> = {}): Rule => ({
  name: 'r',
  when,
  then,
  ...more,
});
const two = { quorum: 2 };
const other = (then: Decision, when: Rule['when'] = {}, more: Partial<Rule> = {}) => ({
  ...rule(then, when, more),
  name: 'o',
});
const codes = (...rules: Rule[]) =>
  lintRules(rules, WORLD)
    .filter((f) => f.rule === 'r')
    .map((f) => `${f.level} ${f.code} ${f.field ?? '-'}`);
const until = (iso: string): Partial<Rule> => ({ mode: 'observe', observeUntil: iso });

const CASES: readonly (readonly [string, readonly Rule[], readonly string[]])[] = [
  ['a plain deny is fine', [rule('deny', { tools: ['exec'] })], []],
  ['a condition that does not parse', [rule('deny', {}, { if: 'args.x ==' })], ['error bad-condition if']],
  ['a name that does not exist', [rule('hold', {}, { ...two, if: 'arg.x == 1' })], ['error bad-condition if']],
  ['a zone that does not exist', [rule('deny', { time: { zone: 'Mars/Base' } })], ['error bad-time when.time.zone']],
  ['a clock that is none', [rule('deny', { time: { zone: 'UTC', from: '25:00' } })], ['error bad-time when.time']],
  ['a window without days', [rule('deny', { time: { zone: 'UTC', days: [] } })], ['error bad-time when.time.days']],
  [
    'a name that stands twice',
    [rule('deny'), rule('hold', { tainted: true }, two)].map((r) => ({ ...r, when: { tiers: ['low'] } })),
    ['error name-twice name', 'warning unreachable -'],
  ],
  ['observe without an end', [rule('deny', {}, { mode: 'observe' })], ['error observe-without-end observeUntil']],
  ['observe with an end that is none', [rule('deny', {}, until('soon'))], ['error observe-without-end observeUntil']],
  [
    'observe for eight days over everything',
    [rule('deny', {}, until('2026-11-26T12:00:00Z'))],
    ['error observe-too-long observeUntil'],
  ],
  ['observe for seven days over everything', [rule('deny', {}, until('2026-11-25T12:00:00Z'))], []],
  ['observe for eight days over tickets', [rule('deny', { servers: ['github'] }, until('2026-11-26T12:00:00Z'))], []],
  [
    'observe for eight days over a shell',
    [rule('deny', { tools: ['host__*'] }, until('2026-11-26T12:00:00Z'))],
    ['error observe-too-long observeUntil'],
  ],
  ['observe for eight days over low tiers', [rule('deny', { tiers: ['low'] }, until('2026-11-26T12:00:00Z'))], []],
  [
    'an unknown group',
    [rule('hold', {}, { from: ['nobody'] })],
    ['warning no-such-group from', 'warning too-few-people factors'],
  ],
  [
    'an escalation to an unknown group',
    [rule('hold', {}, { from: ['sec'], escalate: [{ afterS: 60, groups: ['x'] }] })],
    ['warning no-such-group escalate[0]'],
  ],
  ['more people than there are', [rule('hold', {}, { quorum: 4 })], ['warning too-few-people quorum']],
  [
    'more of a group than there are',
    [rule('hold', {}, { from: ['ops'], quorum: 2 })],
    ['warning too-few-people factors'],
  ],
  ['a factor without groups', [rule('hold', {}, { factors: [{ groups: [], count: 1 }] })], ['error bad-terms quorum']],
  ['a quorum on a deny', [rule('deny', {}, two)], ['warning bad-terms quorum']],
  ['frees on a hold', [rule('hold', {}, { ...two, frees: true })], ['warning bad-terms frees']],
  ['frees', [rule('allow', { tools: ['exec'] }, { frees: true })], ['warning frees frees']],
  ['an agent that is not registered', [rule('deny', { agents: ['x*'] })], ['warning never-matches when.agents']],
  ['a server that is not registered', [rule('deny', { servers: ['x'] })], ['warning never-matches when.servers']],
  [
    'a tool whose tier is another',
    [rule('deny', { tools: ['exec'], tiers: ['low'] })],
    ['warning never-matches when.tools'],
  ],
  ['a class that nobody has yet is no mistake', [rule('deny', { classes: ['money'] })], []],
  [
    'a hold under a wider deny',
    [rule('hold', { tools: ['exec'] }, two), other('deny', { tools: ['ex*'] })],
    ['warning unreachable -'],
  ],
  [
    'a hold under a deny with a condition',
    [rule('hold', { tools: ['exec'] }, two), other('deny', {}, { if: 'args.x == 1' })],
    [],
  ],
  ['an allow under a wider hold', [rule('allow', { tools: ['exec'] }), other('hold', {}, two)], ['warning shadowed -']],
  [
    'a deny inside another',
    [rule('deny', { tools: ['exec'] }), other('deny', { servers: ['*'] })],
    ['warning shadowed -'],
  ],
  ['a weaker hold inside another', [rule('hold', { tools: ['exec'] }), other('hold', {}, two)], ['warning shadowed -']],
  ['a stronger hold inside another', [rule('hold', { tools: ['exec'] }, two), other('hold')], []],
  ['a hold that says what the tier does', [rule('hold', { tiers: ['medium'] })], ['warning shadowed -']],
];
for (const [name, rules, expected] of CASES) {
  test(`lint: ${name}`, () => assert.deepStrictEqual(codes(...rules), expected));
}

test('a finding says where in the condition, and has the shape of the wire', () => {
  const findings = lintRules([rule('deny', {}, { if: 'args.x == 1 &&\n  tol.name == "x"' })], WORLD);
  assert.equal(
    findings[0]?.sentence,
    'Line 2, column 3: There is no `tol`; a condition knows args, tool, server, agent, session, now.',
  );
  for (const [, rules] of CASES) for (const found of lintRules(rules, WORLD)) lintFindingSchema.parse(found);
});

test('a finding says what is wrong in one sentence', () => {
  const said = (...rules: Rule[]) =>
    lintRules(rules, WORLD)
      .filter((f) => f.rule === 'r')
      .map((f) => f.sentence);
  const idle = 'Only a rule that holds has this; it has no effect.';
  const ops: Rule['factors'] = [{ groups: ['ops', 'sec'], count: 4 }];
  for (const [rules, sentences] of [
    [
      [rule('deny', { time: { zone: 'Mars/Base' } })],
      ['There is no time zone Mars/Base; write one such as Europe/Berlin.'],
    ],
    [[rule('deny', { time: { zone: 'UTC', from: '25:00' } })], ['A time of day is written such as 08:30.']],
    [[rule('deny', { time: { zone: 'UTC', days: [] } })], ['Without days the window never opens.']],
    [[rule('deny', {}, { mode: 'observe' })], ['A rule in observe needs an end.']],
    [
      [rule('deny', {}, until('2026-12-26T12:00:00Z'))],
      ['It covers high-tier shell, money, billing, IAM or secrets, which may be in observe for 7 days at most.'],
    ],
    [[rule('allow', {}, { from: ['sec'], undoS: 1, stepUp: 'passkey' })], [idle, idle, idle]],
    [[rule('hold', {}, { ...two, frees: true })], ['Only an allow rule can free; it has no effect here.']],
    [[rule('deny', {}, { frees: true })], ['Only an allow rule can free; it has no effect here.']],
    [
      [rule('allow', { tools: ['exec'] }, { frees: true })],
      ['It lets calls pass that their tier would hold; two people must publish it.'],
    ],
    [
      [rule('hold', {}, { from: [] })],
      ['Nobody can meet this: groups without a name, numbers that are none, or more than 8 factors.'],
    ],
    [[rule('hold', {}, { quorum: 4 })], ['It waits for 4 people; there are 3 active reviewers today.']],
    [[rule('hold', {}, { quorum: 3 })], []],
    [
      [rule('hold', {}, { factors: [{ groups: ['ops'], count: 2 }] })],
      ['It waits for 2 people of ops; there are 1 today.'],
    ],
    [[rule('hold', {}, { factors: [{ groups: ['ops', 'sec'], count: 3 }] })], []],
    [[rule('hold', {}, { factors: ops })], ['It waits for 4 people; there are 3 active reviewers today.']],
    [
      [rule('hold', {}, { ...two, factors: [{ groups: ['x', 'sec', 'y'], count: 1 }] })],
      ['No active reviewer is in x or y today.'],
    ],
    [[rule('deny', { agents: ['x*'] })], ['No registered agent has such a name.']],
    [[rule('deny', { agents: ['x*', 'release-*'] })], []],
    [[rule('deny', { servers: ['x'] })], ['No registered tool is covered by it.']],
    [[rule('hold', { tools: ['exec'] }, two), other('deny')], ['Everything that it covers is refused by o.']],
    [
      [rule('allow', { tools: ['exec'] }), other('hold', {}, two)],
      ['Everything that it covers is held or refused by o.'],
    ],
    [[rule('deny', { tools: ['exec'] }), other('deny')], ['It changes nothing beside o.']],
    [
      [rule('hold', { tiers: ['medium'] })],
      ['It changes nothing beside other rules and what the tiers do themselves.'],
    ],
  ] as const) {
    assert.deepStrictEqual(said(...rules), sentences);
  }
});

test('at most three of the rules that make one idle are named', () => {
  const tools = ['exec', 'create_issue'];
  const world = { ...WORLD, agents: ['a', 'b', 'c', 'd'] };
  const denials = (n: number) =>
    ['a', 'b', 'c', 'd'].slice(0, n).map((agent, at) => ({ ...rule('deny', { agents: [agent] }), name: `o${at}` }));
  const idle = (n: number) =>
    lintRules([rule('hold', { tools, agents: ['a', 'b', 'c', 'd'].slice(0, n) }, two), ...denials(n)], world)[0]
      ?.sentence;
  assert.equal(idle(3), 'Everything that it covers is refused by o0, o1, o2.');
  assert.equal(idle(4), 'Everything that it covers is refused by o0, o1, o2 and 1 more.');
});

test('errors come before warnings, and rules in their order', () => {
  const found = lintRules([rule('deny', { agents: ['x'] }, { if: '(' }), other('deny', { servers: ['x'] })], WORLD);
  assert.deepStrictEqual(
    found.map((f) => `${f.rule} ${f.code}`),
    ['r bad-condition', 'r never-matches', 'o never-matches'],
  );
});
