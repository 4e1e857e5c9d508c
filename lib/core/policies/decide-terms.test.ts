import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { satisfiesTerms } from '../approvals/terms.ts';
import { compileRules } from './compile.ts';
import { decide } from './decide.ts';
import { barOf } from './hold-terms.ts';
import type { Decision, PolicyCall, PolicyDefaults, Rule } from './rule.ts';

const NOW = Date.parse('2026-11-18T12:00:00Z');
const CALL: PolicyCall = {
  agent: 'a',
  server: 's',
  tool: 't',
  tier: 'high',
  actionClass: 'shell',
  args: { n: 5 },
  session: 'x',
  tainted: false,
  nowMs: NOW,
};
const DEFAULTS: PolicyDefaults = { undoHighS: 3, freesAllowed: true };
const rule = (name: string, then: Decision, more: Partial<Rule> = {}): Rule => ({ name, when: {}, then, ...more });
const of = (rules: readonly Rule[], call: Partial<PolicyCall> = {}, defaults = DEFAULTS) =>
  decide({ rules, call: { ...CALL, ...call }, defaults });

test('of several hold rules the strictest of every part applies', () => {
  const verdict = of([
    rule('a', 'hold', { from: ['sec'], expiresInS: 600, undoS: 5, voteTtlS: 60 }),
    rule('b', 'hold', { quorum: 2, factors: [{ groups: ['ops'], count: 2 }], approvedForS: 30, stepUp: 'passkey' }),
    rule('c', 'hold', { factors: [{ groups: ['ops'], count: 1 }], expiresInS: 1200, undoS: 1, approvedForS: 40 }),
  ]);
  assert.deepStrictEqual([verdict.rule, verdict.matched], ['b', ['a', 'b', 'c']]);
  assert.deepStrictEqual(verdict.terms, {
    quorum: 2,
    factors: [
      { groups: ['ops'], count: 2 },
      { groups: ['sec'], count: 1 },
    ],
    stepUp: 'passkey',
    pendingTtlS: 600,
    approvedTtlS: 30,
    voteTtlS: 60,
    undoS: 5,
    escalation: [],
  });
});

test('the quorum of one rule is never below its places, and people beyond them come from the same groups', () => {
  const two = [
    { groups: ['sec'], count: 1 },
    { groups: ['ops'], count: 1 },
  ];
  assert.equal(barOf(rule('r', 'hold', { factors: two })).quorum, 2);
  assert.deepStrictEqual(barOf(rule('r', 'hold', { factors: two, quorum: 4 })).factors.at(-1), {
    groups: ['ops', 'sec'],
    count: 2,
  });
  assert.deepStrictEqual(barOf(rule('r', 'hold', { from: ['sec'], quorum: 3 })), {
    quorum: 3,
    factors: [{ groups: ['sec'], count: 3 }],
  });
});

test('an escalation of one rule does not open the factors of another', () => {
  const escalate = [{ afterS: 60, groups: ['ops'] }];
  const sec = rule('sec', 'hold', { from: ['sec'], escalate });
  assert.deepStrictEqual(of([sec]).terms.escalation, escalate);
  assert.deepStrictEqual(of([sec, rule('plain', 'hold', { quorum: 2 })]).terms.escalation, escalate);
  assert.deepStrictEqual(of([sec, rule('other', 'hold', { from: ['x'] })]).terms.escalation, []);
  const later = rule('later', 'hold', { from: ['x'], escalate: [{ afterS: 90, groups: ['ops', 'y'] }] });
  assert.deepStrictEqual(of([sec, later]).terms.escalation, [{ afterS: 90, groups: ['ops'] }]);
});

test('the undo window of the tier applies where no rule names one, also when it names none', () => {
  assert.equal(of([]).terms.undoS, 3);
  assert.equal(of([], { tier: 'medium' }).terms.undoS, 0);
  assert.equal(of([rule('h', 'hold')]).terms.undoS, 3);
  assert.equal(of([rule('h', 'hold', { undoS: 0 })]).terms.undoS, 0);
});

test('only an allow that says so frees what the tier holds, and only where two people published it', () => {
  const frees = rule('f', 'allow', { frees: true });
  assert.equal(of([frees]).decision, 'allow');
  assert.equal(of([frees], {}, { ...DEFAULTS, freesAllowed: false }).decision, 'hold');
  assert.equal(decide({ rules: [frees], call: CALL }).decision, 'hold');
  assert.equal(of([rule('a', 'allow')]).decision, 'hold');
  assert.equal(of([frees, rule('h', 'hold')]).decision, 'hold');
  assert.equal(of([frees, rule('d', 'deny')]).decision, 'deny');
  assert.equal(of([rule('f', 'deny', { frees: true }), frees]).decision, 'deny');
});

for (const [name, more, call] of [
  ['a condition that errs', { if: 'args.missing == 1' }, {}],
  ['a condition that does not compile', { if: 'args.' }, {}],
  ['a condition without arguments to look at', { if: 'args.n == 1' }, { args: undefined }],
  ['a time zone that does not exist', { when: { time: { zone: 'Mars/Base' } } }, {}],
  ['a time window without a time', { when: { time: { zone: 'UTC' } } }, { nowMs: undefined }],
  ['a taint that nobody knows', { when: { tainted: false } }, { tainted: undefined }],
] as const) {
  test(`${name} counts as met for deny and hold, and as unmet for allow`, () => {
    assert.equal(of([rule('d', 'deny', more)], call).decision, 'deny');
    assert.equal(of([rule('h', 'hold', { ...more, quorum: 2 })], call).terms.quorum, 2);
    assert.equal(of([rule('f', 'allow', { ...more, frees: true })], call).decision, 'hold');
  });
}

for (const inspectable of [true, false]) {
  test(`calls of which nobody can say whether they are ${inspectable ? '' : 'un'}inspectable are held and denied, never freed`, () => {
    const when = { inspectable };
    assert.equal(of([rule('d', 'deny', { when })]).decision, 'deny');
    assert.equal(of([rule('h', 'hold', { when, quorum: 2 })]).terms.quorum, 2);
    assert.equal(of([rule('f', 'allow', { when, frees: true })]).decision, 'hold');
  });
}

test('a rule for what cannot be inspected decides that alone, and the other way round', () => {
  for (const is of [true, false]) {
    for (const wanted of [true, false]) {
      const verdict = of([rule('d', 'deny', { when: { inspectable: wanted } })], { inspectable: () => is });
      assert.equal(verdict.decision, is === wanted ? 'deny' : 'hold');
    }
  }
});

test('the arguments are read as the class of the call has them, and only for what the rest of a rule is about', () => {
  const asked: string[] = [];
  const inspectable = (actionClass: string) => {
    asked.push(actionClass);
    return false;
  };
  const wants = { inspectable: false };
  const apart = [
    rule('tier', 'deny', { when: { ...wants, tiers: ['low'] } }),
    rule('time', 'deny', { when: { ...wants, time: { zone: 'UTC', from: '22:00', to: '06:00' } } }),
    rule('if', 'deny', { when: wants, if: 'args.n == 6' }),
  ];
  assert.equal(of(apart, { inspectable }).decision, 'hold');
  assert.deepStrictEqual(asked, []);
  const verdict = of([rule('two', 'hold', { when: wants, if: 'args.n == 5', quorum: 2 })], { inspectable });
  assert.deepStrictEqual([verdict.terms.quorum, asked], [2, ['shell']]);
});

test('conditions, taint and time decide', () => {
  assert.equal(of([rule('d', 'deny', { if: 'args.n == 5' })]).decision, 'deny');
  assert.equal(of([rule('d', 'deny', { if: 'args.n == 6' })]).decision, 'hold');
  assert.equal(of([rule('d', 'deny', { when: { tainted: true } })]).decision, 'hold');
  assert.equal(of([rule('d', 'deny', { when: { tainted: true } })], { tainted: true }).decision, 'deny');
  const night = rule('d', 'deny', { when: { time: { zone: 'UTC', from: '22:00', to: '06:00' } } });
  assert.equal(of([night]).decision, 'hold');
  assert.equal(of([night], { nowMs: NOW + 11 * 3_600_000 }).decision, 'deny');
});

test('a rule in observe decides nothing until its end, and what it would have done is told', () => {
  const deny = rule('d', 'deny', { mode: 'observe', observeUntil: '2026-11-18T13:00:00Z' });
  const seen = of([deny]);
  assert.deepStrictEqual([seen.decision, seen.matched, seen.observed], ['hold', [], { decision: 'deny', rule: 'd' }]);
  const over = of([deny], { nowMs: NOW + 3_600_000 });
  assert.deepStrictEqual([over.decision, over.observed], ['deny', null]);
  for (const observeUntil of [undefined, 'soon']) {
    assert.equal(of([rule('d', 'deny', { mode: 'observe', observeUntil })]).decision, 'deny');
  }
  assert.equal(of([deny], { nowMs: undefined }).decision, 'deny');
  assert.equal(of([deny, rule('e', 'deny')]).observed, null);
  const two = rule('two', 'hold', { quorum: 2, mode: 'observe', observeUntil: '2026-11-18T13:00:00Z' });
  assert.deepStrictEqual(of([two]).observed, { decision: 'hold', rule: 'two' });
  const frees = rule('f', 'allow', { frees: true, mode: 'observe', observeUntil: '2026-11-18T13:00:00Z' });
  assert.deepStrictEqual(of([frees]).observed, { decision: 'allow', rule: 'f' });
});

test('whatever is compiled once decides as what is compiled for the call', () => {
  const rules = [
    rule('g', 'deny', { when: { tools: ['*x', 't*', '?'], servers: ['s*'] } }),
    rule('c', 'hold', { if: 'args.n > 1' }),
  ];
  assert.deepStrictEqual(of(rules), decide({ rules: compileRules(rules), call: CALL, defaults: DEFAULTS }));
});

const groups = fc.subarray(['x', 'y'], { minLength: 1 });
const holds = fc
  .record(
    {
      quorum: fc.integer({ min: 1, max: 3 }),
      from: groups,
      factors: fc.array(fc.record({ groups, count: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 2 }),
      stepUp: fc.constant('passkey' as const),
      if: fc.constantFrom('args.n > 1', 'args.n > 9', 'args.z'),
    },
    { requiredKeys: [] },
  )
  .map((more) => rule('h', 'hold', more));

test('adding a hold never lowers a bar: whoever meets the new terms meets every rule that held before', () => {
  fc.assert(
    fc.property(fc.array(holds, { minLength: 1, maxLength: 3 }), holds, (before, added) => {
      const [old, now] = [of(before), of([...before, added])];
      assert.ok(now.terms.quorum >= old.terms.quorum);
      for (const single of before) {
        const alone = of([single]);
        if (alone.matched.length > 0)
          assert.ok(satisfiesTerms({ ...now.terms }, alone.terms), JSON.stringify([alone.terms, now.terms]));
      }
    }),
    { numRuns: 2000 },
  );
});
