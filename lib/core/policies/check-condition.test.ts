import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileCondition, factsOf } from './condition.ts';
import type { PolicyCall } from './rule.ts';

const CALL: PolicyCall = {
  agent: 'a',
  server: 's',
  tool: 't',
  tier: 'low',
  actionClass: 'other',
  args: { n: 5, text: 'acme/site', list: [1, 2, 3] },
  session: 's1',
  tainted: true,
  nowMs: Date.parse('2026-11-18T12:30:00Z'),
};

for (const source of [
  '{"a": args.n}["a"] == 5',
  '{args.text: 1}["acme/site"] == 1',
  '[args.n, 1][0] == 5.0',
  'type(args.n) == double',
  'type(1) == int',
  'type(1u) == uint',
  'type(true) == bool',
  'type(b"x") == bytes',
  'type("x") == string',
  'type([1]) == list',
  'type({"a": 1}) == map',
  'type(null) == null_type',
  'type(int) == type',
  'args.list.all(t, [{"nam": t}].all(tools, tools.nam == t))',
  'args.list.exists_one(x, x == 2)',
  '(args.n > 1 ? "yes" : "no") == "yes"',
  '-args.n < 0.0 && !(args.n != 5)',
]) {
  test(`a condition may say ${source}`, () => {
    const condition = compileCondition(source);
    assert.ok(condition.ok, condition.ok ? '' : condition.error.message);
    assert.equal(condition.value.evaluate(factsOf(CALL)), 'true');
  });
}

const KNOWN = 'There is no `argz`; a condition knows args, tool, server, agent, session, now.';
for (const [source, column, message] of [
  ['{argz: 1} == {"a": 1}', 2, KNOWN],
  ['{"a": argz} == {"a": 1}', 7, KNOWN],
  ['{"a": 1, "b": argz} == {"a": 1}', 15, KNOWN],
  ['[1, argz].size() == 2', 5, KNOWN],
  ['argz.all(x, true)', 1, KNOWN],
  ['args.list.all(x, argz)', 18, KNOWN],
  ['args.list.map(x, argz == x).size() == 3', 18, KNOWN],
  ['size(argz) == 1', 6, KNOWN],
  ['argz.size() == 1', 1, KNOWN],
  ['x == 1 && args.list.all(x, true)', 1, KNOWN.replace('argz', 'x')],
  ['tool.nam == "x"', 5, '`tool` has no `nam`; it has name, tier, class.'],
  ['args.list.all(x, session.idd == x)', 25, '`session` has no `idd`; it has id, tainted.'],
  ['args.list.all(session, true)', 10, '`session` is taken; name the element otherwise.'],
  ['_a_b(1) == 1', 1, 'There is no function `_a_b`.'],
  ['size2(args.n) == 1', 1, 'There is no function `size2`.'],
  ['args.text.matches(1)', 10, 'The pattern of `matches` must be written out: a call may not bring its own.'],
  ['args.text.matches()', 10, 'The pattern of `matches` must be written out: a call may not bring its own.'],
  ['args.text.matches(b"x")', 10, 'The pattern of `matches` must be written out: a call may not bring its own.'],
] as const) {
  test(`a condition may not say ${source}, and is told where and why`, () => {
    const read = compileCondition(source);
    assert.ok(!read.ok);
    assert.deepStrictEqual({ ...read.error }, { message, line: 1, column });
  });
}
