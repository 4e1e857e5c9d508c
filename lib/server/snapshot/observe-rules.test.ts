import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '#lib/core/policies/decide.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { observeRules } from './observe-rules.ts';

const rule = (name: string, then: Rule['then']): Rule => ({ name, when: {}, then });
const never = rule('never', 'deny');
const asked = rule('asked', 'hold');
const end = Date.UTC(2026, 10, 22);
const at = (nowMs: number, rules: readonly Rule[]) =>
  decide({
    rules,
    call: { agent: 'a', server: 's', tool: 't', tier: 'low', actionClass: 'other', args: {}, nowMs },
  }).decision;

test('a rule that a window names is in observe until the window ends, and then by itself enforces again', () => {
  const rules = observeRules([never, asked], [{ scope: 'rule:never', endsAtMs: end }]);
  assert.equal(at(end - 1, rules), 'hold', 'the other rule goes on');
  assert.equal(at(end, rules), 'deny');
});

test('a window shortens no observe that is written into the rule, and two windows last as long as the longer', () => {
  const longer: Rule = { ...never, mode: 'observe', observeUntil: new Date(end + 1000).toISOString() };
  assert.equal(at(end + 500, observeRules([longer], [{ scope: 'rule:never', endsAtMs: end }])), 'allow');
  const twice = [
    { scope: 'rule:never', endsAtMs: end + 1000 },
    { scope: 'rule:never', endsAtMs: end },
  ];
  assert.equal(at(end + 500, observeRules([never], twice)), 'allow');
});

test('windows over anything else leave the rules as they are', () => {
  const rules = [never, asked];
  const windows = [
    { scope: 'control:policies', endsAtMs: end },
    { scope: 'server:never', endsAtMs: end },
  ];
  assert.equal(observeRules(rules, windows), rules);
});
