import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json/value.ts';
import { type PolicyTest, runPolicyTests, type TestCall, type TestWorld } from './policy-test.ts';
import type { Rule } from './rule.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const WORLD: TestWorld = {
  tools: [
    { server: 'shop', tool: 'search', tier: 'low', actionClass: 'docs-search' },
    { server: 'shop', tool: 'refund', tier: 'high', actionClass: 'money' },
  ],
  defaults: { undoHighS: 0, freesAllowed: true },
  nowMs: NOW,
};
const rule = (then: Rule['then'], more: Partial<Rule> = {}): Rule => ({ name: 'rule', when: {}, then, ...more });
const made = (
  expect: PolicyTest['expect'],
  call: Partial<TestCall> = {},
  rules: readonly Rule[] = [],
  world: TestWorld = WORLD,
) => {
  const whole = { agent: 'bot', server: 'shop', tool: 'search', args: {}, ...call };
  const [outcome] = runPolicyTests([{ name: 'one', call: whole, expect }], rules, world);
  assert.ok(outcome !== undefined);
  return outcome;
};
const came = (rules: readonly Rule[], call: Partial<TestCall> = {}, world: TestWorld = WORLD) =>
  made({ decision: 'allow' }, call, rules, world).decision;

test('a test passes when what must come came, and says what came when it did not', () => {
  assert.deepEqual(made({ decision: 'allow' }), {
    name: 'one',
    passed: true,
    decision: 'allow',
    quorum: null,
    rule: 'default-low',
    rules: [],
    known: true,
  });
  const denied = made({ decision: 'allow' }, {}, [rule('deny', { name: 'never' })]);
  assert.deepEqual([denied.passed, denied.decision, denied.rule, denied.rules], [false, 'deny', 'never', ['never']]);
});

test('tags come from the registry, the test may say others, and a tool nobody knows counts as high', () => {
  assert.equal(came([]), 'allow');
  assert.equal(came([], { tool: 'refund' }), 'hold');
  assert.equal(came([], { tool: 'refund', tier: 'low' }), 'allow');
  const unknown = made({ decision: 'hold' }, { tool: 'gone' });
  assert.deepEqual([unknown.passed, unknown.known], [true, false]);
  const money = [rule('deny', { when: { classes: ['money'] } })];
  assert.equal(came(money, { tool: 'refund' }), 'deny');
  assert.equal(came(money, { tool: 'refund', actionClass: 'other' }), 'hold');
  assert.equal(came(money, { actionClass: 'money' }), 'deny');
});

test('the least quorum is met by as many people or more, places of factors included', () => {
  const two = [rule('hold', { quorum: 2 })];
  const passed = (quorum: number, rules: readonly Rule[]) => made({ decision: 'hold', quorum }, {}, rules).passed;
  assert.deepEqual([passed(1, two), passed(2, two), passed(3, two)], [true, true, false]);
  const factors = [
    { groups: ['ops'], count: 1 },
    { groups: ['money'], count: 2 },
  ];
  assert.deepEqual([passed(3, [rule('hold', { factors })]), passed(4, [rule('hold', { factors })])], [true, false]);
  assert.equal(made({ decision: 'hold' }, {}, two).quorum, 2);
});

test('what cannot be evaluated holds and denies, and allows nothing', () => {
  const condition = { if: 'args.amount > 100' };
  assert.equal(came([rule('deny', condition)]), 'deny');
  assert.equal(came([rule('deny', condition)], { args: { amount: 100 } }), 'allow');
  assert.equal(came([rule('deny', condition)], { args: { amount: 101 } }), 'deny');
  assert.equal(came([rule('deny', condition)], { args: { amount: 'many' } }), 'deny');
  assert.equal(came([rule('allow', { ...condition, frees: true })], { tool: 'refund' }), 'hold');
  assert.equal(
    came([rule('allow', { ...condition, frees: true })], { tool: 'refund', args: { amount: 101 } }),
    'allow',
  );
  const unreadable = [rule('deny', { when: { inspectable: false } })];
  assert.equal(came(unreadable), 'deny', 'nobody reads');
  const reads = (answer: boolean): TestWorld => ({ ...WORLD, inspectableOf: () => () => answer });
  assert.deepEqual([came(unreadable, {}, reads(true)), came(unreadable, {}, reads(false))], ['allow', 'deny']);
});

test('a session read nothing untrusted unless the test says so', () => {
  const tainted = [rule('deny', { when: { tainted: true } })];
  assert.deepEqual([came(tainted), came(tainted, { tainted: true })], ['allow', 'deny']);
  const spoken = [rule('deny', { if: 'session.tainted' })];
  assert.deepEqual([came(spoken), came(spoken, { tainted: true })], ['allow', 'deny']);
});

test('it is now unless the test names a time, for windows and for the end of observing', () => {
  const night = [rule('deny', { when: { time: { zone: 'UTC', from: '22:00', to: '06:00' } } })];
  assert.deepEqual([came(night), came(night, { at: '2026-11-23T23:00:00Z' })], ['allow', 'deny']);
  const observed = [rule('deny', { mode: 'observe', observeUntil: '2026-11-24T00:00:00Z' })];
  assert.deepEqual([came(observed), came(observed, { at: '2026-11-24T00:00:00Z' })], ['allow', 'deny']);
});

test('two hundred tests are decided in a moment', () => {
  const args: JsonObject = { text: 'a'.repeat(4_000) };
  const tests = Array.from({ length: 200 }, (_, at) => ({
    name: `t-${at}`,
    call: { agent: 'bot', server: 'shop', tool: 'search', args },
    expect: { decision: 'deny' as const },
  }));
  const began = performance.now();
  const outcomes = runPolicyTests(tests, [rule('deny', { if: 'args.text.matches("(a+)+$")' })], WORLD);
  assert.ok(performance.now() - began < 2_000);
  assert.ok(outcomes.every(({ passed }) => passed));
});
