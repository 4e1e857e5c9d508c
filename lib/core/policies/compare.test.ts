import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TIERS } from '../risk/types.ts';
import { comparePolicies, type PolicyWorld } from './compare.ts';
import { loosenedBy } from './compare-calls.ts';
import { decide } from './decide.ts';
import { looseningDoubts } from './loosening.ts';
import type { Decision, PolicyCall, Rule } from './rule.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const WORLD: PolicyWorld = {
  agents: ['a', 'b'],
  tools: [
    { server: 'github', tool: 'create_issue', tier: 'medium', actionClass: 'ticketing' },
    { server: 'github', tool: 'read_file', tier: 'low', actionClass: 'file-read' },
    { server: 'host', tool: 'exec', tier: 'high', actionClass: 'shell' },
  ],
  groups: new Map([['sec', 2]]),
  reviewers: 3,
  defaults: { undoHighS: 3, freesAllowed: true },
  nowMs: NOW,
};
const rule = (name: string, then: Decision, when: Rule['when'] = {}, more: Partial<Rule> = {}): Rule => ({
  name,
  when,
  then,
  ...more,
});
const compare = (before: readonly Rule[], after: readonly Rule[], world = WORLD) =>
  comparePolicies(before, after, world);
const verdictOf = (before: readonly Rule[], after: readonly Rule[], world = WORLD) => {
  const { loosens, tightens } = compare(before, after, world);
  return `${loosens ? 'looser' : ''}${loosens && tightens ? ' and ' : ''}${tightens ? 'stricter' : ''}` || 'same';
};

const hold = rule('h', 'hold', { tools: ['create_*'] }, { quorum: 2, from: ['sec'] });
const deny = rule('d', 'deny', { classes: ['shell'] });
const free = rule('f', 'allow', { tools: ['exec'] }, { frees: true });
const CASES: readonly (readonly [string, readonly Rule[], readonly Rule[], string])[] = [
  ['nothing at all', [hold, deny], [hold, deny], 'same'],
  ['another order', [hold, deny], [deny, hold], 'same'],
  ['another name and description', [hold], [{ ...hold, name: 'x', description: 'y' }], 'same'],
  ['an added deny', [hold], [hold, deny], 'stricter'],
  ['a removed deny', [hold, deny], [hold], 'looser'],
  ['an added hold', [], [hold], 'stricter'],
  ['a removed hold', [hold], [], 'looser'],
  ['a hold that becomes a deny', [hold], [rule('h', 'deny', hold.when)], 'stricter'],
  ['a deny that becomes a hold', [deny], [rule('d', 'hold', deny.when)], 'looser'],
  ['more people', [hold], [{ ...hold, quorum: 3 }], 'stricter'],
  ['fewer people', [hold], [{ ...hold, quorum: 1 }], 'looser'],
  [
    'fewer people of any group',
    [rule('p', 'hold', {}, { quorum: 3 })],
    [rule('p', 'hold', {}, { quorum: 2 })],
    'looser',
  ],
  ['a wider pattern', [hold], [{ ...hold, when: { tools: ['creat*'] } }], 'stricter'],
  ['a narrower pattern', [hold], [{ ...hold, when: { tools: ['create_issue*'] } }], 'looser'],
  [
    'another agent',
    [{ ...hold, when: { agents: ['a'] } }],
    [{ ...hold, when: { agents: ['b'] } }],
    'looser and stricter',
  ],
  [
    'one rule split in two',
    [{ ...deny, when: { servers: ['x', 'y'] } }],
    [
      { ...deny, when: { servers: ['y'] } },
      { ...deny, when: { servers: ['x'] } },
    ],
    'same',
  ],
  ['two taints joined', [deny], [rule('t', 'deny', { classes: ['shell'], tainted: true })], 'looser'],
  ['what can be read left out', [deny], [rule('t', 'deny', { classes: ['shell'], inspectable: false })], 'looser'],
  [
    'one rule for what can be read and one for what cannot',
    [deny],
    [
      { ...deny, when: { ...deny.when, inspectable: false } },
      { ...deny, when: { ...deny.when, inspectable: true } },
    ],
    'same',
  ],
  [
    'a second person for what cannot be inspected',
    [hold],
    [hold, rule('o', 'hold', { inspectable: false }, { quorum: 3 })],
    'stricter',
  ],
  [
    'a hold of what cannot be inspected taken back',
    [hold, rule('o', 'hold', { inspectable: false }, { quorum: 3 })],
    [hold],
    'looser',
  ],
  [
    'a freed tier, for what can be read',
    [],
    [rule('f', 'allow', { tiers: ['medium'], inspectable: true }, { frees: true })],
    'looser',
  ],
  ['an added group', [hold], [{ ...hold, from: ['sec', 'ops'] }], 'looser and stricter'],
  ['an added factor', [hold], [{ ...hold, factors: [{ groups: ['ops'], count: 1 }] }], 'stricter'],
  ['a removed passkey', [{ ...hold, stepUp: 'passkey' }], [hold], 'looser'],
  ['an added passkey', [hold], [{ ...hold, stepUp: 'passkey' }], 'stricter'],
  ['an added condition', [hold], [{ ...hold, if: 'args.x == 1' }], 'looser'],
  ['a removed condition', [{ ...hold, if: 'args.x == 1' }], [hold], 'stricter'],
  [
    'another text of a condition',
    [{ ...hold, if: 'args.x == 1' }],
    [{ ...hold, if: 'args.x == 1 || true' }],
    'looser and stricter',
  ],
  ['a longer wait', [{ ...hold, expiresInS: 60 }], [{ ...hold, expiresInS: 61 }], 'looser'],
  ['a shorter wait', [{ ...hold, expiresInS: 60 }], [{ ...hold, expiresInS: 59 }], 'stricter'],
  [
    'a wait longer than the tier gives',
    [],
    [rule('slow', 'hold', { tiers: ['high'] }, { expiresInS: 7200 })],
    'looser',
  ],
  ['an undo window shorter than the tier gives', [], [rule('u', 'hold', { tiers: ['high'] }, { undoS: 0 })], 'looser'],
  ['a first escalation', [hold], [{ ...hold, escalate: [{ afterS: 60, groups: ['ops'] }] }], 'looser'],
  ['a later escalation', [esc(60)], [esc(90)], 'stricter'],
  ['an observed deny', [deny], [{ ...deny, mode: 'observe', observeUntil: '2026-11-20T00:00:00Z' }], 'looser'],
  ['an allow beside the tier', [], [rule('a', 'allow', { tools: ['read_*'] })], 'same'],
  ['an allow that frees', [], [free], 'looser'],
  ['an allow that frees what is denied', [deny], [deny, { ...free, when: { classes: ['shell'] } }], 'same'],
  ['an allow that frees nothing but low', [], [{ ...free, when: { tiers: ['low'] } }], 'same'],
  ['a removed allow that freed', [free], [], 'stricter'],
  ['an allow that frees less', [free], [{ ...free, if: 'args.dry == true' }], 'stricter'],
  ['a hold that only says what the tier does', [rule('h', 'hold', { tiers: ['high'] })], [], 'same'],
];
function esc(afterS: number): Rule {
  return { ...hold, escalate: [{ afterS, groups: ['ops'] }] };
}
for (const [name, before, after, expected] of CASES) {
  test(`${name} is ${expected}`, () => {
    assert.equal(verdictOf(before, after), expected);
    // The proof by itself, without the calls that are tried beside it.
    const doubts = looseningDoubts({ before, after, defaults: WORLD.defaults, nowMs: NOW });
    assert.equal(doubts.length > 0, expected.startsWith('looser'));
  });
}

test('a loosening is never without an example, and says of registered tools what changes', () => {
  for (const [name, before, after] of CASES) {
    const { loosens, looser } = compare(before, after);
    assert.equal(looser.length > 0, loosens, name);
  }
  const [first] = compare([deny], []).looser;
  assert.deepStrictEqual(
    [first?.server, first?.tool, first?.before, first?.after],
    ['host', 'exec', { decision: 'deny', rule: 'd' }, { decision: 'hold', rule: 'default-high' }],
  );
  assert.equal(first?.sentence, 'Calls of tier high that are refused today (d) would wait for people (default-high).');
});

test('what frees is a loosening again while it never took effect', () => {
  const world = { ...WORLD, defaults: { undoHighS: 3, freesAllowed: false } };
  const alone = { before: [free], after: [free], nowMs: NOW };
  assert.equal(looseningDoubts({ ...alone, defaults: world.defaults }).length > 0, true);
  assert.equal(looseningDoubts({ ...alone, defaults: WORLD.defaults }).length > 0, false);
  assert.equal(compare([free], [free], world).loosens, true);
  assert.equal(compare([free], [free, deny], WORLD).loosens, false);
});

const globs = fc.uniqueArray(fc.constantFrom('a', 'b', 'a*', '*b', '*', '?', 'a__b', '*__a*'), { maxLength: 2 });
const groupsOf = fc.uniqueArray(fc.constantFrom('sec', 'ops'), { minLength: 1, maxLength: 2 });
const whens: fc.Arbitrary<Rule['when']> = fc.record(
  {
    agents: globs,
    servers: globs,
    tools: globs,
    tiers: fc.subarray([...TIERS]),
    classes: fc.subarray(['shell', 'money'] as const),
    tainted: fc.boolean(),
    inspectable: fc.boolean(),
    time: fc.constantFrom(
      { zone: 'Europe/Berlin', from: '09:00', to: '17:00' },
      { zone: 'UTC', from: '22:00', to: '06:00', days: ['mon', 'wed'] as const },
      { zone: 'Nowhere/None' },
    ),
  },
  { requiredKeys: [] },
);
const rules: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.constantFrom<Decision>('allow', 'hold', 'hold', 'deny'),
    fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 3, arbitrary: whens }),
    fc.record(
      {
        if: fc.constantFrom('args.n > 1', 'args.s == "x"', 'args.missing', '('),
        frees: fc.constant(true),
        quorum: fc.integer({ min: 1, max: 3 }),
        from: groupsOf,
        factors: fc.array(fc.record({ groups: groupsOf, count: fc.integer({ min: 1, max: 2 }) }), {
          minLength: 1,
          maxLength: 2,
        }),
        expiresInS: fc.constantFrom(60, 900, 3600, 9000),
        approvedForS: fc.constantFrom(60, 9000),
        voteTtlS: fc.constantFrom(60, 9000),
        undoS: fc.constantFrom(0, 3, 30),
        stepUp: fc.constant('passkey' as const),
        escalate: fc.array(fc.record({ afterS: fc.constantFrom(60, 90), groups: groupsOf }), {
          minLength: 1,
          maxLength: 2,
        }),
        mode: fc.constantFrom('enforce' as const, 'observe' as const),
        observeUntil: fc.constantFrom('2026-11-18T13:00:00Z', '2026-11-17T00:00:00Z', 'never'),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([then, when, more]) => rule('r', then, when, more));
const calls: fc.Arbitrary<PolicyCall> = fc.record(
  {
    agent: fc.constantFrom('a', 'b', 'ab'),
    server: fc.constantFrom('a', 'b'),
    tool: fc.constantFrom('a', 'b', 'ab', 'a__b'),
    tier: fc.constantFrom(...TIERS),
    actionClass: fc.constantFrom('shell' as const, 'money' as const, 'other' as const),
    args: fc.constantFrom({ n: 0, s: 'x' }, { n: 2, s: 'y' }, { n: 2, s: 'x', missing: true }),
    session: fc.constant('s'),
    tainted: fc.boolean(),
    inspectable: fc.constantFrom(
      () => true,
      () => false,
      (actionClass: string) => actionClass !== 'shell',
    ),
    nowMs: fc.constantFrom(0, 45, 90, 600, 900).map((minutes) => NOW + minutes * 60_000),
  },
  { requiredKeys: ['agent', 'server', 'tool', 'tier', 'actionClass'] },
);
/** A policy and what becomes of it by a few edits, most of them small. */
const edits = fc
  .tuple(
    fc.array(rules, { maxLength: 4 }),
    fc.array(
      fc.record({
        at: fc.nat(3),
        to: fc.option(rules),
        part: fc.option(rules.map(({ when: _when, ...part }) => part)),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([before, changes]) => {
    const after = [...before];
    for (const { at, to, part } of changes) {
      const old = after[at];
      if (old !== undefined && part !== null) after[at] = { ...old, ...part };
      else if (to !== null) after[at % (after.length + 1)] = to;
      else after.splice(at, 1);
    }
    return { before, after };
  });

test('no call is ever decided more loosely by a change that is not called a loosening', () => {
  let quiet = 0;
  let looser = 0;
  fc.assert(
    fc.property(
      edits,
      fc.array(calls, { minLength: 25, maxLength: 25 }),
      fc.boolean(),
      ({ before, after }, made, freesAllowed) => {
        const defaults = { undoHighS: 3, freesAllowed };
        const loosens = looseningDoubts({ before, after, defaults, nowMs: NOW }).length > 0;
        if (loosens) looser++;
        else if (JSON.stringify(before) !== JSON.stringify(after)) quiet++;
        if (loosens) return;
        for (const call of made) {
          const old = decide({ rules: before, call, defaults });
          const now = decide({ rules: after, call, defaults: { ...defaults, freesAllowed: true } });
          assert.ok(loosenedBy(old, now) <= 0, JSON.stringify({ call, old, now }));
        }
      },
    ),
    // What is counted below needs every run, also where time is short.
    { numRuns: 400, interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(quiet > 40 && looser > 40, `${quiet} quiet and ${looser} looser changes`);
});
