// Server-only. From what lint found in a rule to the place in the file where a person wrote it.
import type { LintFinding } from '#lib/contracts/policies.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import type { Misfit } from './apply-run.ts';

/** Members that the file writes under another name than versions store. */
const IN_FILE: Readonly<Record<string, string>> = {
  tiers: 'tier',
  classes: 'class',
  tainted: 'taint',
  expiresInS: 'expires',
  approvedForS: 'approvedFor',
  voteTtlS: 'voteFor',
  undoS: 'undo',
  afterS: 'after',
};

/** The errors of lint as one refusal that names every place; null when there is none. Warnings refuse nothing. */
export function findingMisfit(findings: readonly LintFinding[], rules: readonly Rule[]): Misfit | null {
  const faults = findings
    .filter((finding) => finding.level === 'error')
    .map((finding) => ({
      code: 'invalid-request' as const,
      path: placeOfFinding(finding, rules),
      detail: finding.sentence,
    }));
  const [first, ...also] = faults;
  return first === undefined ? null : { ...first, also };
}

function placeOfFinding(finding: LintFinding, rules: readonly Rule[]): readonly (string | number)[] {
  // Of two rules with the same name the later one is the one to correct.
  const index = rules.findLastIndex((rule) => rule.name === finding.rule);
  if (index === -1) return ['policies'];
  const parts = (finding.field ?? '').split(/[.[\]]+/).filter((part) => part !== '');
  return ['policies', index, ...parts.map((part) => (/^\d+$/.test(part) ? Number(part) : (IN_FILE[part] ?? part)))];
}
