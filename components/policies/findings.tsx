import { OctagonAlert, TriangleAlert } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import type { LintFinding } from '#lib/contracts/policies.ts';

const LEVELS = {
  error: { word: 'Error', tone: 'text-high', Icon: OctagonAlert },
  warning: { word: 'Warning', tone: 'text-medium', Icon: TriangleAlert },
} as const;

/** What was found wrong or doubtful: errors first, each with the rule that it is about. */
export function Findings({ findings }: { readonly findings: readonly LintFinding[] }) {
  const sorted = findings.toSorted((a, b) => a.level.localeCompare(b.level));
  return (
    <ul className="grid gap-2">
      {sorted.map((finding) => (
        <FindingLine
          key={`${finding.rule} ${finding.field} ${finding.code} ${finding.sentence}`}
          finding={finding}
          named
        />
      ))}
    </ul>
  );
}

/** One finding; `named` says of which rule, where that is not clear from the place. */
function FindingLine({ finding, named = false }: { readonly finding: LintFinding; readonly named?: boolean }) {
  const { word, tone, Icon } = LEVELS[finding.level];
  return (
    <li className="flex items-start gap-2">
      <Icon aria-hidden="true" className={`mt-0.5 size-3.5 shrink-0 ${tone}`} />
      <p className="min-w-0 text-ink-2 [overflow-wrap:anywhere]">
        <span className={`font-semibold ${tone}`}>{word}</span>
        {named && finding.rule !== null && ` in ${finding.rule}`}
        {': '}
        <SafeText text={finding.sentence} />
      </p>
    </li>
  );
}
