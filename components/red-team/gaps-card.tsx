import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { When } from '#components/ui/when.tsx';
import type { RedTeamGapView } from '#lib/contracts/red-team.ts';
import { scenarioOf } from '#lib/core/red-team/catalogue.ts';

/** What somebody has accepted for now. */
export function GapsCard({ gaps }: { readonly gaps: readonly RedTeamGapView[] }) {
  return (
    <Card title="Known gaps">
      {gaps.length === 0 ? (
        <p className="text-ink-3">None is accepted.</p>
      ) : (
        <ul className="grid gap-2.5">
          {gaps.map((gap) => (
            <li key={gap.id} className="grid gap-0.5">
              <span className="font-semibold">{scenarioOf(gap.scenario)?.title ?? gap.scenario}</span>
              <SafeText text={gap.reason} className="text-ink-2" />
              <span className="text-ink-3 text-xs">
                {gap.acceptedBy}, until <When at={gap.until} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
