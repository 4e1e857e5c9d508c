import { compileCondition } from './condition.ts';
import { lintReach } from './lint-reach.ts';
import { lintTerms } from './lint-terms.ts';
import { coversSensitive, LONGEST_SENSITIVE_OBSERVE_S } from './observe-limits.ts';
import type { Rule } from './rule.ts';
import { windowProblem } from './time-window.ts';
import type { LintFinding, PolicyWorld } from './world.ts';

export type { LintFinding } from './world.ts';

/**
 * What is wrong or odd with a policy, rule by rule in their order; within a rule errors first.
 *
 * An error is what must not be published: a condition or time that cannot be judged, two rules of one name, terms nobody
 * could meet, observe without an end. Warnings say what will surprise its author. Assumes rules of the right shape.
 */
export function lintRules(rules: readonly Rule[], world: PolicyWorld): readonly LintFinding[] {
  const reach = lintReach(rules, world);
  const seen = new Set<string>();
  return rules.flatMap((rule, order): LintFinding[] => {
    const twice = seen.has(rule.name);
    seen.add(rule.name);
    const findings = [
      ...(twice ? [finding(rule, 'name', 'error', 'name-twice', 'Another rule has the same name.')] : []),
      ...lintCondition(rule),
      ...lintTime(rule),
      ...lintObserve(rule, world),
      ...lintTerms(rule, world),
      ...(reach[order] ?? []),
    ];
    return findings.sort((a, b) => Number(b.level === 'error') - Number(a.level === 'error'));
  });
}

function lintCondition(rule: Rule): readonly LintFinding[] {
  if (rule.if === undefined) return [];
  const condition = compileCondition(rule.if);
  if (condition.ok) return [];
  const { message, line, column } = condition.error;
  return [finding(rule, 'if', 'error', 'bad-condition', `Line ${line}, column ${column}: ${message}`)];
}

function lintTime(rule: Rule): readonly LintFinding[] {
  const { time } = rule.when;
  if (time === undefined) return [];
  const bad = (field: string, sentence: string) => finding(rule, `when.time${field}`, 'error', 'bad-time', sentence);
  switch (windowProblem(time)) {
    case 'zone':
      return [bad('.zone', `There is no time zone ${time.zone}; write one such as Europe/Berlin.`)];
    case 'clock':
      return [bad('', 'A time of day is written such as 08:30.')];
    case 'empty':
      return [bad('.days', 'Without days the window never opens.')];
    case null:
      return [];
  }
}

function lintObserve(rule: Rule, world: PolicyWorld): readonly LintFinding[] {
  if (rule.mode !== 'observe') return [];
  const until = Date.parse(rule.observeUntil ?? '');
  if (Number.isNaN(until)) {
    return [finding(rule, 'observeUntil', 'error', 'observe-without-end', 'A rule in observe needs an end.')];
  }
  if (until - world.nowMs <= LONGEST_SENSITIVE_OBSERVE_S * 1000 || !coversSensitive(rule, world.tools)) return [];
  const sentence =
    'It covers high-tier shell, money, billing, IAM or secrets, which may be in observe for 7 days at most.';
  return [finding(rule, 'observeUntil', 'error', 'observe-too-long', sentence)];
}

/** One finding of a rule. */
function finding(
  rule: Rule,
  field: string | null,
  level: LintFinding['level'],
  code: LintFinding['code'],
  sentence: string,
): LintFinding {
  return { rule: rule.name, field, level, code, sentence };
}
