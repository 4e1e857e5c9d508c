// The decision against a slow one that was written from the sentence in the docs, without index, patterns or sharing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TIERS } from '../risk/types.ts';
import { compileRules } from './compile.ts';
import { decide } from './decide.ts';
import type { Decision, PolicyCall, Rule } from './rule.ts';

const NOON = Date.parse('2026-11-18T12:00:00Z');
/** Conditions with their meaning; null: an error. */
const CONDITIONS: Readonly<Record<string, (call: PolicyCall) => boolean | null>> = {
  'args.n > 1': (call) => (typeof call.args?.n === 'number' ? call.args.n > 1 : null),
  'has(args.n) && args.n == 2': (call) => (call.args === undefined ? null : call.args.n === 2),
  'agent.name == "a"': (call) => call.agent === 'a',
  'session.tainted': (call) => (call.session === undefined ? null : (call.tainted ?? true)),
  'now < timestamp("2026-11-18T13:00:00Z")': (call) =>
    call.nowMs === undefined ? null : call.nowMs < NOON + 3_600_000,
  'args.': () => null,
};
const fits = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);

function slowMatch(rule: Rule, call: PolicyCall): boolean {
  const { agents, servers, tools, tiers, classes, tainted, inspectable, time } = rule.when;
  const met: (boolean | null)[] = [];
  const list = <T>(of: readonly T[] | undefined, test: (item: T) => boolean) => {
    if (of !== undefined) met.push(of.length === 0 ? null : of.some(test));
  };
  list(agents, (p) => fits(p, call.agent));
  list(servers, (p) => fits(p, call.server));
  list(tools, (p) => fits(p, call.tool) || (p.includes('__') && fits(p, `${call.server}__${call.tool}`)));
  list(tiers, (t) => t === call.tier);
  list(classes, (c) => c === call.actionClass);
  if (tainted !== undefined) met.push(call.tainted === undefined ? null : call.tainted === tainted);
  if (inspectable !== undefined) {
    met.push(call.inspectable === undefined ? null : call.inspectable(call.actionClass) === inspectable);
  }
  if (time !== undefined) {
    const hour = call.nowMs === undefined ? null : new Date(call.nowMs).getUTCHours();
    met.push(hour === null || time.zone !== 'UTC' ? null : hour >= 9 && hour < 17);
  }
  if (rule.if !== undefined) met.push(CONDITIONS[rule.if]?.(call) ?? null);
  return met.every((one) => one ?? rule.then !== 'allow');
}

function slowDecide(rules: readonly Rule[], call: PolicyCall, freesAllowed: boolean) {
  const deciding = rules.filter((rule) => {
    const until = rule.mode === 'observe' ? Date.parse(rule.observeUntil ?? '') : Number.NaN;
    return slowMatch(rule, call) && !(call.nowMs !== undefined && call.nowMs < until);
  });
  const has = (then: Decision) => deciding.some((rule) => rule.then === then);
  const freed = deciding.some((rule) => rule.then === 'allow' && rule.frees === true && freesAllowed);
  const decision = has('deny') ? 'deny' : has('hold') ? 'hold' : call.tier === 'low' || freed ? 'allow' : 'hold';
  const quorums = deciding.filter((rule) => rule.then === 'hold').map((rule) => rule.quorum ?? 1);
  return {
    decision,
    matched: deciding.map((rule) => rule.name),
    quorum: decision === 'hold' ? Math.max(1, ...quorums) : 1,
  };
}

const globs = fc.uniqueArray(fc.constantFrom('a', 'b', 'a*', '*b', '*a*', '?', '*', 'a__b', '*__a', 'b__*'), {
  maxLength: 3,
});
const whens: fc.Arbitrary<Rule['when']> = fc.record(
  {
    agents: globs,
    servers: globs,
    tools: globs,
    tiers: fc.subarray([...TIERS]),
    classes: fc.subarray(['shell', 'money'] as const),
    tainted: fc.boolean(),
    inspectable: fc.boolean(),
    time: fc.constantFrom({ zone: 'UTC', from: '09:00', to: '17:00' }, { zone: 'Mars/Base' }),
  },
  { requiredKeys: [] },
);
const mores = fc.record(
  {
    if: fc.constantFrom(...Object.keys(CONDITIONS)),
    frees: fc.boolean(),
    quorum: fc.integer({ min: 1, max: 4 }),
    mode: fc.constantFrom('observe' as const, 'enforce' as const),
    observeUntil: fc.constantFrom('2026-11-18T12:30:00Z', '2026-11-18T11:00:00Z', 'x'),
  },
  { requiredKeys: [] },
);
const rule = (then: Decision, when: Rule['when'], more: Partial<Rule>): Rule => ({ name: '', when, then, ...more });
const rules = fc.array(
  fc.tuple(fc.constantFrom<Decision>('allow', 'hold', 'deny'), whens, mores).map((parts) => rule(...parts)),
  { maxLength: 10 },
);
const calls: fc.Arbitrary<PolicyCall> = fc.record(
  {
    agent: fc.constantFrom('a', 'b', 'ab'),
    server: fc.constantFrom('a', 'b'),
    tool: fc.constantFrom('a', 'b', 'bab', 'a__b'),
    tier: fc.constantFrom(...TIERS),
    actionClass: fc.constantFrom('shell' as const, 'money' as const, 'other' as const),
    args: fc.constantFrom({}, { n: 1 }, { n: 2 }),
    session: fc.constant('s'),
    tainted: fc.boolean(),
    inspectable: fc.constantFrom(
      () => true,
      () => false,
    ),
    nowMs: fc.constantFrom(NOON - 6 * 3_600_000, NOON, NOON + 3_600_000),
  },
  { requiredKeys: ['agent', 'server', 'tool', 'tier', 'actionClass'] },
);

test('the decision agrees with the slow one in every verdict, match and quorum', () => {
  fc.assert(
    fc.property(rules, fc.array(calls, { minLength: 10, maxLength: 10 }), fc.boolean(), (made, asked, freesAllowed) => {
      const named = made.map((rule, n): Rule => ({ ...rule, name: `r${n}` }));
      const compiled = compileRules(named);
      for (const call of asked) {
        const verdict = decide({ rules: compiled, call, defaults: { undoHighS: 0, freesAllowed } });
        const { decision, matched, terms } = verdict;
        assert.deepStrictEqual(
          { decision, matched, quorum: decision === 'hold' ? terms.quorum : 1 },
          slowDecide(named, call, freesAllowed),
        );
      }
    }),
    { numRuns: 500 },
  );
});

test('adding a deny or a hold never frees, whatever else there is', () => {
  const rank = ['allow', 'hold', 'deny'];
  fc.assert(
    fc.property(rules, rules, calls, fc.boolean(), (made, more, call, freesAllowed) => {
      const before = made.map((rule, n): Rule => ({ ...rule, name: `r${n}` }));
      const added = more.filter((rule) => rule.then !== 'allow').map((rule, n): Rule => ({ ...rule, name: `m${n}` }));
      const defaults = { undoHighS: 0, freesAllowed };
      const [old, now] = [before, [...before, ...added]].map((list) => decide({ rules: list, call, defaults }));
      assert.ok(old !== undefined && now !== undefined);
      assert.ok(rank.indexOf(now.decision) >= rank.indexOf(old.decision));
    }),
    { numRuns: 1000 },
  );
});
