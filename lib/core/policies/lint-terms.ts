import { MAX_FACTORS, UNREACHABLE_QUORUM } from '../approvals/terms.ts';
import { barOf } from './hold-terms.ts';
import type { Rule } from './rule.ts';
import { either, people } from './words.ts';
import type { LintFinding, PolicyWorld } from './world.ts';

const HOLD_PARTS = [
  'quorum',
  'from',
  'factors',
  'expiresInS',
  'approvedForS',
  'voteTtlS',
  'undoS',
  'stepUp',
  'escalate',
] as const;

/** What is wrong with what a rule asks for, and whether the people of today could bring it. */
export function lintTerms(rule: Rule, world: PolicyWorld): readonly LintFinding[] {
  const say = (field: string | null, level: LintFinding['level'], code: LintFinding['code'], sentence: string) => ({
    rule: rule.name,
    field,
    level,
    code,
    sentence,
  });
  if (rule.then !== 'hold') {
    const idle = HOLD_PARTS.filter((part) => rule[part] !== undefined);
    const findings = idle.map((part) =>
      say(part, 'warning', 'bad-terms', 'Only a rule that holds has this; it has no effect.'),
    );
    if (rule.frees !== true) return findings;
    return rule.then === 'allow'
      ? [
          ...findings,
          say(
            'frees',
            'warning',
            'frees',
            'It lets calls pass that their tier would hold; two people must publish it.',
          ),
        ]
      : [...findings, say('frees', 'warning', 'bad-terms', 'Only an allow rule can free; it has no effect here.')];
  }
  const findings: LintFinding[] = [];
  if (rule.frees === true)
    findings.push(say('frees', 'warning', 'bad-terms', 'Only an allow rule can free; it has no effect here.'));
  const bar = barOf(rule);
  if (bar.quorum >= UNREACHABLE_QUORUM || bar.factors.length > MAX_FACTORS) {
    return [
      ...findings,
      say(
        'quorum',
        'error',
        'bad-terms',
        `Nobody can meet this: groups without a name, numbers that are none, or more than ${MAX_FACTORS} factors.`,
      ),
    ];
  }
  const size = (group: string) => world.groups.get(group) ?? 0;
  const asked = [
    ...(rule.from === undefined ? [] : [{ field: 'from', groups: rule.from }]),
    ...(rule.factors ?? []).map((factor, n) => ({ field: `factors[${n}]`, groups: factor.groups })),
    ...(rule.escalate ?? []).map((step, n) => ({ field: `escalate[${n}]`, groups: step.groups })),
  ];
  for (const { field, groups } of asked) {
    const empty = groups.filter((group) => size(group) === 0);
    if (empty.length > 0) {
      findings.push(say(field, 'warning', 'no-such-group', `No active reviewer is in ${either(empty)} today.`));
    }
  }
  if (bar.quorum > world.reviewers) {
    const sentence = `It waits for ${people(bar.quorum)}; there are ${world.reviewers} active reviewers today.`;
    findings.push(say('quorum', 'warning', 'too-few-people', sentence));
  } else {
    for (const factor of bar.factors) {
      const members = factor.groups.reduce((sum, group) => sum + size(group), 0);
      if (members >= factor.count) continue;
      const sentence = `It waits for ${people(factor.count)} of ${either(factor.groups)}; there are ${members} today.`;
      findings.push(say('factors', 'warning', 'too-few-people', sentence));
    }
  }
  return findings;
}
