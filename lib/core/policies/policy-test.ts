import { totalOf } from '../approvals/terms.ts';
import type { JsonObject } from '../json/value.ts';
import type { ActionClass, Tier } from '../risk/types.ts';
import { type CompiledRules, compileRules } from './compile.ts';
import { decide } from './decide.ts';
import type { Decision, PolicyCall, PolicyDefaults, Rule } from './rule.ts';
import type { WorldTool } from './world.ts';

/** A call that somebody made up. What is left out: tags come from the registry, the session read nothing untrusted, the time is now. */
export type TestCall = {
  readonly agent: string;
  readonly server: string;
  readonly tool: string;
  readonly tier?: Tier | undefined;
  readonly actionClass?: ActionClass | undefined;
  readonly args: JsonObject;
  readonly tainted?: boolean | undefined;
  /** ISO 8601 UTC. */
  readonly at?: string | undefined;
};

/** What must come of it; `quorum` is the least number of people of a hold. */
export type TestExpectation = { readonly decision: Decision; readonly quorum?: number | undefined };

/** One call with what must come of it, kept with the installation and held against every draft. */
export type PolicyTest = { readonly name: string; readonly call: TestCall; readonly expect: TestExpectation };

/** What came of a test. `quorum` only of a hold; `rules` are all that matched, `rule` is the one that decided. */
export type TestOutcome = {
  readonly name: string;
  readonly passed: boolean;
  readonly decision: Decision;
  readonly quorum: number | null;
  readonly rule: string;
  readonly rules: readonly string[];
  /** Whether the registry has the tool; one that it has not counts as high and other unless the test says more. */
  readonly known: boolean;
};

/** What tests are judged in: the registry's tags, the installation's defaults, the time, and who reads arguments. */
export type TestWorld = {
  readonly tools: readonly WorldTool[];
  readonly defaults: PolicyDefaults;
  readonly nowMs: number;
  readonly inspectableOf?: ((args: JsonObject) => PolicyCall['inspectable']) | undefined;
};

/**
 * Decides the call of each test by these rules, with the decision that the door takes.
 *
 * Rules count as they are written: one in observe decides nothing before its end, and what cannot be evaluated counts as
 * met for deny and hold and as unmet for allow.
 */
export function runPolicyTests(
  tests: readonly PolicyTest[],
  rules: readonly Rule[],
  world: TestWorld,
): readonly TestOutcome[] {
  const compiled = compileRules(rules);
  const tools = new Map(world.tools.map((one) => [`${one.server}\n${one.tool}`, one]));
  return tests.map((test) => {
    const tool = tools.get(`${test.call.server}\n${test.call.tool}`);
    return runTest(test, compiled, tool, world);
  });
}

function runTest(test: PolicyTest, rules: CompiledRules, tool: WorldTool | undefined, world: TestWorld): TestOutcome {
  const { call, expect } = test;
  const verdict = decide({
    rules,
    defaults: world.defaults,
    call: {
      agent: call.agent,
      server: call.server,
      tool: call.tool,
      tier: call.tier ?? tool?.tier ?? 'high',
      actionClass: call.actionClass ?? tool?.actionClass ?? 'other',
      args: call.args,
      // Of a test nobody declared a session: conditions on it see a name that no agent has.
      session: 'policy-test',
      tainted: call.tainted ?? false,
      inspectable: world.inspectableOf?.(call.args),
      nowMs: call.at === undefined ? world.nowMs : Date.parse(call.at),
    },
  });
  const quorum = verdict.decision === 'hold' ? totalOf(verdict.terms) : null;
  return {
    name: test.name,
    passed: verdict.decision === expect.decision && (quorum === null || quorum >= (expect.quorum ?? 1)),
    decision: verdict.decision,
    quorum,
    rule: verdict.rule,
    rules: verdict.matched,
    known: tool !== undefined,
  };
}
