import { qualifiedToolName } from '../servers/names.ts';
import { type Condition, type ConditionFacts, compileCondition, factsOf } from './condition.ts';
import { compileGlob } from './glob.ts';
import type { PolicyCall, Rule } from './rule.ts';
import { compileWindow } from './time-window.ts';

/** A rule that is ready to be held against calls. */
export type MatchableRule = {
  readonly order: number;
  readonly rule: Rule;
  readonly matches: (meeting: Meeting) => boolean;
  /** Until when it only observes; null: it enforces. */
  readonly observesUntilMs: number | null;
};

/** A call on its way past the rules, with what they share. */
export type Meeting = { readonly call: PolicyCall; facts: ConditionFacts | null };

/** What one part of a rule says about a call. An error counts as met for deny and hold and as unmet for allow. */
type Outcome = boolean | 'error';
type Test = (meeting: Meeting) => Outcome;

/**
 * Compiles one rule: patterns, time window and condition once.
 *
 * Parts that cost least come first. An empty list, an unknown zone, a condition that does not compile and a fact that is
 * not known are errors of that part, never a reason to skip a hold or to grant an allow.
 */
export function compileRule(rule: Rule, order: number): MatchableRule {
  const { agents, servers, tools, tiers, classes, tainted, inspectable, time } = rule.when;
  const tests: Test[] = [];
  if (tiers !== undefined) tests.push(oneOf(tiers, ({ call }) => call.tier));
  if (classes !== undefined) tests.push(oneOf(classes, ({ call }) => call.actionClass));
  if (servers !== undefined) tests.push(anyGlob(servers, ({ call }) => call.server));
  if (tools !== undefined) tests.push(toolTest(tools));
  if (agents !== undefined) tests.push(anyGlob(agents, ({ call }) => call.agent));
  if (tainted !== undefined) {
    tests.push(({ call }) => (call.tainted === undefined ? 'error' : call.tainted === tainted));
  }
  if (time !== undefined) {
    const window = compileWindow(time);
    tests.push(({ call }) => {
      const outcome = window(call.nowMs);
      return outcome === 'error' ? 'error' : outcome === 'inside';
    });
  }
  if (rule.if !== undefined) tests.push(conditionTest(rule.if));
  // Reading the arguments costs more than all else: only calls that the rest of the rule is about are read.
  if (inspectable !== undefined) {
    tests.push(({ call }) =>
      call.inspectable === undefined ? 'error' : call.inspectable(call.actionClass) === inspectable,
    );
  }
  const metByError = rule.then !== 'allow';
  return {
    order,
    rule,
    observesUntilMs: observesUntil(rule),
    matches: (meeting) => {
      for (const test of tests) {
        const outcome = test(meeting);
        if (outcome === 'error' ? !metByError : !outcome) return false;
      }
      return true;
    },
  };
}

/** Whether a rule decides at this time. Without a known time, or an end that can be read, it does: observing is the exception. */
export function enforces(rule: Pick<MatchableRule, 'observesUntilMs'>, nowMs: number | undefined): boolean {
  return rule.observesUntilMs === null || nowMs === undefined || !(nowMs < rule.observesUntilMs);
}

function observesUntil(rule: Rule): number | null {
  if (rule.mode !== 'observe' || rule.observeUntil === undefined) return null;
  const until = Date.parse(rule.observeUntil);
  return Number.isNaN(until) ? null : until;
}

function oneOf<T>(list: readonly T[], of: (meeting: Meeting) => T): Test {
  return list.length === 0 ? () => 'error' : (meeting) => list.includes(of(meeting));
}

function anyGlob(patterns: readonly string[], of: (meeting: Meeting) => string): Test {
  const [first, ...more] = patterns.map(compileGlob);
  if (first === undefined) return () => 'error';
  if (more.length === 0) return (meeting) => first(of(meeting));
  return (meeting) => first(of(meeting)) || more.some((matches) => matches(of(meeting)));
}

/** A pattern is held against the tool's own name, and one with `__` against `server__tool` too. */
function toolTest(patterns: readonly string[]): Test {
  const own = anyGlob(patterns, ({ call }) => call.tool);
  const qualified = patterns.filter((pattern) => pattern.includes('__'));
  if (qualified.length === 0) return own;
  const whole = anyGlob(qualified, ({ call }) => qualifiedToolName(call.server, call.tool));
  return (meeting) => own(meeting) === true || whole(meeting);
}

function conditionTest(source: string): Test {
  const compiled = compileCondition(source);
  const condition: Condition | null = compiled.ok ? compiled.value : null;
  return (meeting) => {
    if (condition === null) return 'error';
    meeting.facts ??= factsOf(meeting.call);
    const outcome = condition.evaluate(meeting.facts);
    return outcome === 'error' ? 'error' : outcome === 'true';
  };
}
