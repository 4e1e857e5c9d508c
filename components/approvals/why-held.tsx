import { Radiation } from 'lucide-react';
import Link from 'next/link';
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
      <MatchedRules record={record} />
      {record.tainted && (
        <p className="mt-2.5 flex items-start gap-1.5 border-t pt-2.5 text-xs">
          <Radiation aria-hidden="true" className="mt-px size-3.5 shrink-0 text-medium" />
          <span>
            <b className="font-semibold text-medium">Tainted session.</b>{' '}
            <span className="text-ink-2">
              It has read untrusted content before this call: somebody else may have written what the agent now asks
              for.
            </span>
          </span>
        </p>
      )}
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

/** Every rule that matched: the stricter of each part of them is what the quorum asks for. */
function MatchedRules({ record }: { readonly record: ApprovalDetail }) {
  const rules = record.matched.length === 0 ? [record.rule] : record.matched;
  return (
    <div className="mt-2.5 border-t pt-2.5">
      <p className="text-ink-3">
        {rules.length === 1 ? 'Held by the rule' : `${rules.length} rules match; the stricter of each part applies`}
      </p>
      <ul className="mt-1 grid gap-1">
        {rules.map((rule) => (
          <li key={rule} className="flex items-baseline gap-2">
            <Link href="/policies" className="link min-w-0 [overflow-wrap:anywhere]">
              <SafeText text={rule} />
            </Link>
            {rules.length > 1 && rule === record.rule && <span className="text-ink-3 text-xs">decides</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
