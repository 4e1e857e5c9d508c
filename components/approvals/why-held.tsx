import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { classWords, plural } from '#lib/client/format.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

/** Why this waits for a person, and how often such calls were let through. */
export function WhyHeld({ record }: { readonly record: ApprovalDetail }) {
  const { asked, approved, days } = record.baseRate;
  return (
    <Card title="Why it waits">
      <Facts>
        <Fact name="Tier">
          <TierBadge tier={record.tier} />
        </Fact>
        <Fact name="Action class">{classWords(record.actionClass)}</Fact>
        <Fact name="Rule">
          <SafeText text={record.rule} />
        </Fact>
        <Fact name="Policy">
          {record.policyVersion === 0 ? 'built-in defaults' : `version ${record.policyVersion}`}
        </Fact>
        <Fact name={`Asked, ${days} days`}>{asked === 0 ? 'never before' : plural(asked, 'time')}</Fact>
        {asked > 0 && <Fact name="Of these approved">{approved}</Fact>}
        <Fact name="Session">
          {record.digestInputs.session.startsWith('agent:') ? (
            <span className="text-ink-3">none declared</span>
          ) : (
            <SafeText text={record.digestInputs.session} />
          )}
        </Fact>
      </Facts>
      {record.suggestionReasons.length > 0 && (
        <ul className="mt-2.5 grid gap-1 border-t pt-2.5 text-ink-2 text-xs">
          {record.suggestionReasons.map((reason) => (
            <li key={reason}>
              <SafeText text={reason} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
