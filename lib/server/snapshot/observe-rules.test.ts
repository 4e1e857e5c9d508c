import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '#lib/core/policies/decide.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { observeRules, ruleHash } from './observe-rules.ts';

const rule = (name: string, then: Rule['then']): Rule => ({ name, when: {}, then });
const never = rule('never', 'deny');
const asked = rule('asked', 'hold');
const end = Date.UTC(2026, 10, 22);
const over = (bound: Rule, endsAtMs = end) => ({ scope: `rule:${bound.name}`, ruleHash: ruleHash(bound), endsAtMs });
const at = (nowMs: number, rules: readonly Rule[]) =>
  decide({
    rules,
    call: { agent: 'a', server: 's', tool: 't', tier: 'low', actionClass: 'other', args: {}, nowMs },
  }).decision;

test('a rule that a window names is in observe until the window ends, and then by itself enforces again', () => {
  const rules = observeRules([never, asked], [over(never)]);
  assert.equal(at(end - 1, rules), 'hold', 'the other rule goes on');
  assert.equal(at(end, rules), 'deny');
});

test('a window shortens no observe that is written into the rule, and two windows last as long as the longer', () => {
  const longer: Rule = { ...never, mode: 'observe', observeUntil: new Date(end + 1000).toISOString() };
  assert.equal(at(end + 500, observeRules([longer], [over(longer)])), 'allow');
  const twice = [over(never, end + 1000), over(never)];
  assert.equal(at(end + 500, observeRules([never], twice)), 'allow');
});

test('windows over anything else leave the rules as they are', () => {
  const rules = [never, asked];
  const windows = [
    { scope: 'control:policies', ruleHash: null, endsAtMs: end },
    { scope: 'server:never', ruleHash: null, endsAtMs: end },
  ];
  assert.equal(observeRules(rules, windows), rules);
});

test('another rule under the name that a window has enforces; other words about the same rule change nothing', () => {
  const windows = [over(never)];
  assert.equal(at(end - 1, observeRules([{ ...never, quorum: 2 }], windows)), 'deny');
  assert.equal(at(end - 1, observeRules([{ ...never, description: 'why' }], windows)), 'allow');
  assert.equal(at(end - 1, observeRules([never], [{ scope: 'rule:never', ruleHash: null, endsAtMs: end }])), 'deny');
});
