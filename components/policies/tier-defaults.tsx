import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { decide } from '#lib/core/policies/decide.ts';
import { defaultSentence } from '#lib/core/policies/sentence.ts';
import { TIERS } from '#lib/core/risk/types.ts';

/**
 * What happens to a tier's calls when no rule is stricter: said by the decision itself, not by this page. Rendered on the
 * server, so that the evaluator of conditions stays out of the browser.
 */
export function TierDefaults() {
  return (
    <Card title="What each tier does" flush aside="when no rule is stricter">
      <ul>
        {TIERS.toReversed().map((tier) => {
          const call = { agent: '', server: '', tool: '', tier, actionClass: 'other' } as const;
          return (
            <li key={tier} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3.5 py-2.5">
              <span className="w-20">
                <TierBadge tier={tier} />
              </span>
              <span className="min-w-0 flex-1 basis-64 text-ink-2">{`Calls ${defaultSentence(decide({ rules: [], call }))}.`}</span>
            </li>
          );
        })}
        <li className="px-3.5 py-2.5 text-ink-2">
          An unknown server, tool or agent, a definition that nobody accepted, and any failed check: refused. Nobody
          decides in time: refused.
        </li>
      </ul>
    </Card>
  );
}
