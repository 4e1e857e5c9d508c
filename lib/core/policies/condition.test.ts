import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../json/value.ts';
import { compileCondition, factsOf } from './condition.ts';
import type { PolicyCall } from './rule.ts';

/** Not a measure of speed: what stalls takes minutes or never ends, on any machine. */
const STALLED_MS = 30_000;

const CALL: PolicyCall = {
  agent: 'release-bot',
  server: 'github',
  tool: 'create_issue',
  tier: 'medium',
  actionClass: 'ticketing',
  args: { repo: 'acme/site', n: 5, list: [1, 2, 3], o: { a: 1, b: null }, constructor: 1, text: 'né😀' },
  session: 's1',
  tainted: false,
  nowMs: Date.parse('2026-11-18T12:30:00Z'),
};
function outcome(source: string, call: PolicyCall = CALL): string {
  const condition = compileCondition(source);
  assert.ok(condition.ok, condition.ok ? '' : condition.error.message);
  return condition.value.evaluate(factsOf(call));
}

for (const [source, expected] of [
  ['args.repo == "acme/site"', 'true'],
  ['args.repo.matches("^acme/(site|www)$")', 'true'],
  ['args.repo.startsWith("acme/") && args.n < 10', 'true'],
  ['args["n"] == 5', 'true'],
  ['args.n > 5', 'false'],
  ['args.list.exists(x, x == 2)', 'true'],
  ['args.list.all(x, x < 3)', 'false'],
  ['args.list.map(x, x * 2.0) == [2.0, 4.0, 6.0]', 'true'],
  ['args.list.filter(x, x > 1).size() == 2', 'true'],
  ['2 in args.list', 'true'],
  ['size(args.text) == 3', 'true'],
  ['tool.name == "create_issue" && tool.tier == "medium" && tool.class == "ticketing"', 'true'],
  ['server.name == "github" && agent.name == "release-bot" && session.id == "s1"', 'true'],
  ['session.tainted', 'false'],
  ['now > timestamp("2026-11-18T12:00:00Z") && now.getHours("Europe/Berlin") == 13', 'true'],
  ['has(args.o.b) && "b" in args.o', 'true'],
  ['has(args.o.c) || "c" in args.o', 'false'],
  ['has(args.toString) || "valueOf" in args', 'false'],
  ['args.constructor == 1', 'true'],
  ['args.missing == 1', 'error'],
  ['args.missing == 1 || true', 'true'],
  ['!has(args.o.x.y)', 'error'],
  ['args.repo', 'error'],
  ['args.n + "x" == ""', 'error'],
] as const) {
  test(`the condition ${source} is ${expected}`, () => assert.equal(outcome(source), expected));
}

test('T42 what an admin gets wrong is refused where it stands, before it can decide anything', () => {
  for (const [source, line, column, message] of [
    ['', 1, 1, /empty/],
    ['   ', 1, 1, /empty/],
    ['args.n ==', 1, 8, /not a CEL expression/],
    ['args.n == 1 &&\n  argz.x', 2, 3, /no `argz`/],
    ['tool.nam == "x"', 1, 5, /`tool` has no `nam`/],
    ['args.s.startWith("x")', 1, 7, /no function `startWith`/],
    ['args.s.matches("(")', 1, 16, /RE2/],
    ['args.s.matches("a(?=b)")', 1, 16, /RE2/],
    ['args.s.matches(args.p)', 1, 7, /written out/],
    ['args.list.all(args, true)', 1, 10, /taken/],
    ['google.protobuf.Duration{} == 1', 1, 1, /./],
    [`${'('.repeat(51)}1${')'.repeat(51)}`, 1, 51, /nest/],
    [`true || ${'x'.repeat(2000)}`, 1, 1, /2000/],
    ['step__() && true', 1, 1, /no function/],
    ['constructor == 1', 1, 1, /no `constructor`/],
  ] as const) {
    const read = compileCondition(source);
    assert.ok(!read.ok, source);
    assert.match(read.error.message, message, source);
    if (line > 1 || !source.startsWith('google'))
      assert.deepStrictEqual([read.error.line, read.error.column], [line, column], source);
  }
});

test('a fact that the call does not have is an error, also where its absence would make the condition true', () => {
  const { agent, server, tool, tier, actionClass } = CALL;
  const bare: PolicyCall = { agent, server, tool, tier, actionClass };
  assert.equal(outcome('!has(args.force)', bare), 'error');
  assert.equal(outcome('!session.tainted', bare), 'error');
  assert.equal(outcome('now < timestamp("2100-01-01T00:00:00Z")', bare), 'error');
  assert.equal(outcome('tool.name == "create_issue"', bare), 'true');
  assert.equal(outcome('!session.tainted', { ...bare, session: 's' }), 'false');
  for (const nowMs of [Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
    assert.equal(outcome('now > timestamp("2000-01-01T00:00:00Z")', { ...CALL, nowMs }), 'error');
  }
});

const long = Array.from({ length: 200_000 }, () => 1);
const text = 'a'.repeat(500_000);
const COSTLY: readonly (readonly [string, string, JsonObject])[] = [
  ['loops in loops', 'args.l.all(x, args.l.all(y, args.l.all(z, true)))', { l: long }],
  ['loops that end at once over a long list', 'args.l.all(x, args.l.exists(y, true))', { l: long }],
  ['a list built of a list', 'args.l.map(x, x).all(y, true)', { l: long }],
  ['a search in every round', 'args.l.all(x, !args.s.contains("b"))', { l: long, s: text }],
  ['a search for a long text', 'args.s.contains(args.t)', { s: text, t: `b${'a'.repeat(200_000)}` }],
  ['comparisons of long lists', 'args.l == args.m || args.l.all(x, args.l == args.m)', { l: long, m: [...long, 2] }],
  ['a pattern in every round', 'args.l.all(x, args.s.matches("(a|aa)*[^b]*$"))', { l: long, s: text }],
  ['a text that grows', 'args.l.all(x, args.s + args.s != "" && size(args.s + args.s) > 0)', { l: long, s: text }],
];
for (const [name, source, args] of COSTLY) {
  test(`T42 ${name} end in an error instead of stalling the gateway`, () => {
    const started = performance.now();
    assert.equal(outcome(source, { ...CALL, args }), 'error');
    assert.ok(performance.now() - started < STALLED_MS, `${performance.now() - started} ms`);
  });
}

const INSTANT = Date.parse('2026-03-29T00:59:59.250Z');
for (const [source, expected] of [
  ['now.getHours() == 0 && now.getMinutes() == 59 && now.getSeconds() == 59 && now.getMilliseconds() == 250', 'true'],
  ['now.getHours("Europe/Berlin") == 1 && (now + duration("1s")).getHours("Europe/Berlin") == 3', 'true'],
  ['now.getHours("-01:30") == 23 && now.getMinutes("-01:30") == 29 && now.getDate("-01:30") == 28', 'true'],
  ['now.getHours("05:45") == 6 && now.getHours("+05:45") == 6 && now.getMilliseconds("Asia/Kathmandu") == 250', 'true'],
  ['now.getDayOfWeek() == 0 && now.getDayOfWeek("America/New_York") == 6', 'true'],
  ['now.getFullYear("UTC") == 2026 && now.getMonth("UTC") == 2 && now.getDayOfMonth("UTC") == 28', 'true'],
  ['now.getDayOfYear() == 87 && now.getDayOfYear("Europe/Berlin") == 87', 'true'],
  ['timestamp("2026-11-18T00:00:00Z").getHours("UTC") == 0', 'true'],
  ['timestamp("0050-06-01T00:00:00Z").getFullYear("UTC") == 50', 'true'],
  ['duration("90m").getHours() == 1', 'true'],
  ['now.getHours("Mars/Olympus") == 1', 'error'],
  ['now.getHours("") == 1', 'error'],
] as const) {
  test(`the clock ${source} is ${expected}`, () =>
    assert.equal(outcome(source, { ...CALL, nowMs: INSTANT }), expected));
}

/** What one evaluation over the list takes out of the budget of a call. */
function unitsFor(source: string, l: readonly string[]): number {
  const condition = compileCondition(source);
  assert.ok(condition.ok);
  const facts = factsOf({ ...CALL, args: { l } });
  const before = facts.budget.left;
  condition.value.evaluate(facts);
  return before - facts.budget.left;
}

for (const [source, element, units] of [
  ['args.l.exists(z, now.getHours(z) == 99)', 'America/New_York', 150],
  ['args.l.exists(z, now.getHours(z) == 99)', 'Mars/Olympus', 150],
  ['args.l.all(r, now.getDayOfWeek("Europe/Berlin") != 9)', 'x', 150],
  ['args.l.exists(p, timestamp(p) > now)', '2020-01-01T00:00:00Z', 10],
  ['args.l.exists(p, timestamp("2020-01-01T00:00:00Z") > now)', 'x', 10],
  ['args.l.exists(p, duration(p) > duration("1h"))', '3s', 20],
  ['args.l.exists(p, duration(p) > duration("1h"))', 'no duration', 10],
] as const) {
  test(`T42 each round of ${source} over "${element}" pays for the clock, and a long list ends in an error`, () => {
    const rounds = (count: number) => unitsFor(source, new Array<string>(count).fill(element));
    assert.ok(rounds(20) - rounds(10) >= 10 * units, `${rounds(20) - rounds(10)}`);
    assert.equal(outcome(source, { ...CALL, args: { l: new Array<string>(100_000).fill(element) } }), 'error');
    assert.ok(rounds(100_000) < 110_000, 'and not long after the budget is gone');
  });
}

test('a thousand conditions over one call share one budget', () => {
  const compiled = compileCondition('2 in args.l');
  assert.ok(compiled.ok);
  const facts = factsOf({ ...CALL, args: { l: long.slice(0, 40_000) } });
  const outcomes = Array.from({ length: 1000 }, () => compiled.value.evaluate(facts));
  assert.equal(outcomes[0], 'false');
  assert.equal(outcomes.at(-1), 'error');
});

test('honest loops fit into the budget', () => {
  const names = Array.from({ length: 10_000 }, (_, n) => `docs/page-${n}.md`);
  assert.equal(
    outcome('args.paths.all(p, p.startsWith("docs/") && !p.contains(".."))', { ...CALL, args: { paths: names } }),
    'true',
  );
  assert.equal(
    outcome('args.paths.filter(p, p.endsWith("9.md")).size() == 100', {
      ...CALL,
      args: { paths: names.slice(0, 1000) },
    }),
    'true',
  );
});

test('no text makes the compiler throw, and no arguments make a condition throw', () => {
  const fragments = fc.constantFrom(
    'args',
    '.',
    'x',
    '[',
    ']',
    '(',
    ')',
    '"',
    '==',
    '&&',
    '!',
    '1',
    ' ',
    'all',
    ',',
    '?',
    ':',
    'has',
    '{',
    '}',
    '-',
    'in',
    '\n',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(fragments, { maxLength: 14 }), fc.dictionary(fc.string(), fc.jsonValue()), (parts, json) => {
      const condition = compileCondition(parts.join(''));
      const args: JsonObject = JSON.parse(JSON.stringify(json));
      if (condition.ok) assert.match(condition.value.evaluate(factsOf({ ...CALL, args })), /^(true|false|error)$/);
    }),
    { numRuns: 3000 },
  );
});
