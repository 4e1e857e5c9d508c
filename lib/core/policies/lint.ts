import { compileCondition } from './condition.ts';
import type { Rule } from './rule.ts';
import type { LintFinding, PolicyWorld } from './world.ts';

export type { LintFinding } from './world.ts';

/** What is wrong or odd with a policy, rule by rule. */
export function lintRules(rules: readonly Rule[], _world: PolicyWorld): readonly LintFinding[] {
  return rules.flatMap((rule): LintFinding[] => {
    if (rule.if === undefined) return [];
    const condition = compileCondition(rule.if);
    if (condition.ok) return [];
    const { message, line, column } = condition.error;
    return [
      {
        rule: rule.name,
        field: 'if',
        level: 'error',
        code: 'bad-condition',
        sentence: `Line ${line}, column ${column}: ${message}`,
      },
    ];
  });
}
