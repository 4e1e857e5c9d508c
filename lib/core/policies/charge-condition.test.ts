import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../json/value.ts';
import { compileCondition, factsOf } from './condition.ts';

const FEW = 64;
const MANY = 6_400;

const argsOf = (size: number): JsonObject => ({
  a: 'a'.repeat(size),
  b: 'a'.repeat(size),
  l: Array.from({ length: size }, (_, at) => `e${at}`),
  k: Array.from({ length: size }, (_, at) => `e${at}`),
  m: Object.fromEntries(Array.from({ length: size }, (_, at) => [`k${at}`, 'v'])),
  digits: '1'.repeat(size),
});

/** What one evaluation over arguments of that size takes out of the budget of a call, and what it says. */
function evaluated(source: string, size: number): { readonly units: number; readonly outcome: string } {
  const condition = compileCondition(source);
  assert.ok(condition.ok, condition.ok ? '' : `${source}: ${condition.error.message}`);
  const facts = factsOf({
    agent: 'a',
    server: 's',
    tool: 't',
    tier: 'low',
    actionClass: 'other',
    args: argsOf(size),
    tainted: false,
    nowMs: 0,
  });
  const before = facts.budget.left;
  const outcome = condition.value.evaluate(facts);
  return { units: before - facts.budget.left, outcome };
}

/** How many units more a hundred times as much costs. */
const growth = (source: string) => evaluated(source, MANY).units - evaluated(source, FEW).units;
/** What a text of that many characters weighs, each time that it is read from end to end. */
const TEXT = (MANY - FEW) / 256;

for (const [source, texts] of [
  ['args.a == args.b', 2],
  ['args.a != args.b', 2],
  ['args.a < args.b', 2],
  ['args.a <= args.b', 2],
  ['args.a > args.b', 2],
  ['args.a >= args.b', 2],
  ['args.a + args.b != ""', 2],
  ['args.a.startsWith(args.b)', 2],
  ['args.a.endsWith(args.b)', 2],
  ['string(args.a) == "x"', 1],
  ['bytes(args.a) == b"x"', 1],
  ['bool(args.a)', 1],
  ['int(args.digits) == 1', 1],
  ['double(args.digits) == 1.0', 1],
  ['timestamp(args.a) == now', 1],
  ['duration(args.a) == duration("1s")', 1],
  ['[args.a == args.b][0]', 2],
  ['{"k": args.a == args.b}["k"]', 2],
  ['{args.a == args.b: true}[true]', 2],
  ['[[args.a == args.b]][0][0]', 2],
  ['(args.a == args.b) == true', 2],
  ['(args.a == args.b) ? true : false', 2],
  ['args.a == args.b || args.a != args.b', 2],
  ['has({"x": args.a == args.b}.x)', 2],
  ['[args.a == args.b].exists(x, x)', 2],
  ['["y"].exists(x, args.a == args.b)', 2],
  ['["y"].map(x, args.a == args.b).size() == 1', 2],
  ['(args.a == args.b) in [true]', 2],
  ['"x" in [args.a + args.b]', 2],
] as const) {
  test(`${source} pays for each of the ${texts} texts that it reads`, () => {
    const grown = growth(source);
    assert.ok(grown >= texts * TEXT * 0.95 && grown < (texts + 1) * TEXT, `${grown}`);
  });
}

for (const source of ['args.a == "x"', '"x" == args.a', 'args.a.startsWith("x")', 'args.a > "b"', 'has(args.a)']) {
  test(`${source} is bounded by the constant and pays nothing for the length`, () => assert.equal(growth(source), 0));
}

for (const [source, least, most] of [
  ['"x" in args.l', (MANY - FEW) / 4, (MANY - FEW) / 4],
  ['args.a in args.l', (MANY - FEW) / 4 + MANY - FEW, 5 * (MANY - FEW)],
  ['"k1" in args.m', 0, 0],
  ['args.l == args.k', 2 * 2 * (MANY - FEW), 5 * (MANY - FEW)],
  ['args.m == args.m', 2 * 2 * (MANY - FEW), 5 * (MANY - FEW)],
  ['args.l.all(x, x != "")', MANY - FEW, 2 * (MANY - FEW)],
  ['args.l.exists(x, x == "e0")', (MANY - FEW) / 16, (MANY - FEW) / 8],
  ['args.m.exists(k, k == "k0")', (MANY - FEW) / 16, (MANY - FEW) / 8],
  ['args.l.filter(x, x == "e1").size() == 1', MANY - FEW, 5 * (MANY - FEW)],
  ['args.l.all(x, args.l[0] == "e0")', MANY - FEW, 2 * (MANY - FEW)],
  ['size(args.a) > 1', (MANY - FEW) / 64, (MANY - FEW) / 64],
  ['args.a.size() > 1', (MANY - FEW) / 64, (MANY - FEW) / 64],
  ['args.a.contains("b")', ((MANY - FEW) / 256) * (65 / 64), ((MANY - FEW) / 256) * (65 / 64)],
  ['args.a.matches("^b")', (MANY - FEW) / 16, (MANY - FEW) / 16],
] as const) {
  test(`${source} costs between ${least} and ${most} units more for a hundred times as much`, () => {
    const grown = growth(source);
    assert.ok(grown >= least - 1e-6 && grown <= most + 1e-6, `${grown}`);
  });
}

test('a search in a search pays for every round of both', () => {
  const both = evaluated('args.l.all(x, args.k.all(y, x != "" && y != ""))', 100).units;
  assert.ok(both >= 100 * 100, `${both}`);
  assert.ok(evaluated('args.l.all(x, args.k.all(y, x == x))', 50).units > 50 * 50);
});

test('counting changes no answer', () => {
  for (const [source, outcome] of [
    ['args.a == args.b', 'true'],
    ['has(args.m.k1) && !has(args.m.nothing)', 'true'],
    ['{"k": 1.0, "l": args.a}["k"] == 1.0', 'true'],
    ['[1, 2].map(x, x + 1) == [2, 3]', 'true'],
    ['args.l.exists_one(x, x == "e3")', 'true'],
    ['"e3" in args.l && !("e99" in args.l)', 'true'],
    ['timestamp("1970-01-01T00:00:00Z") == now', 'true'],
    ['duration("60s") == duration("1m")', 'true'],
  ] as const) {
    assert.equal(evaluated(source, FEW).outcome, outcome, source);
  }
});
