import { useMemo } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { classWords } from '#lib/client/format.ts';
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { raisedTier } from '#lib/core/risk/raised-tier.ts';
import type { ContextState } from './request-context.ts';
import { HoldingRules } from './why-held-rules.tsx';
import { TaintTrail } from './why-held-taint.tsx';

const REVERSAL = {
  yes: { tone: 'good', word: 'can be taken back' },
  partly: { tone: 'warning', word: 'partly reversible' },
  no: { tone: 'danger', word: 'cannot be taken back' },
} as const;

const RAISED =
  'Characters in the arguments mislead the eye: the call is judged one tier above its tool’s tag, at most high.';

type WhyHeldProps = { readonly record: ApprovalDetail; readonly state: ContextState };

/** Why this waits for a person, what it can do, and how often such calls were let through. */
export function WhyHeld({ record, state }: WhyHeldProps) {
  const context = state.kind === 'there' ? state.context : null;
  const isRaised = useMemo(() => raisedTier('low', record.canonicalArgs) !== 'low', [record.canonicalArgs]);
  const reasons = isRaised ? [RAISED, ...record.suggestionReasons] : record.suggestionReasons;
  return (
    <Card title="Why it waits">
      <Facts>
        <Fact name="Tier">
          <TierBadge tier={record.tier} />
        </Fact>
        <Fact name="Action class">{classWords(record.actionClass)}</Fact>
        <Fact name="Tag">{context === null ? <Pending state={state} /> : <TagWords tag={context.tag} />}</Fact>
        <Fact name="Policy">
          {record.policyVersion === 0 ? 'built-in defaults' : `version ${record.policyVersion}`}
        </Fact>
        <Fact name="Session">
          {record.digestInputs.session.startsWith('agent:') ? (
            <span className="text-ink-3">none declared</span>
          ) : (
            <SafeText text={record.digestInputs.session} />
          )}
        </Fact>
      </Facts>
      <HoldingRules record={record} context={context} />
      <div className="mt-2.5 border-t pt-2.5">
        <p className="text-ink-3">It can reach</p>
        {context === null ? (
          <Pending state={state} />
        ) : (
          <>
            <p>{context.consequence.blast}</p>
            <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-xs">
              <Badge tone={REVERSAL[context.consequence.reversal].tone}>
                {REVERSAL[context.consequence.reversal].word}
              </Badge>
              <span className="text-ink-2">{context.consequence.sentence}</span>
            </p>
          </>
        )}
      </div>
      <TaintTrail record={record} context={context} />
      <Rates record={record} context={context} />
      {reasons.length > 0 && (
        <ul className="mt-2.5 grid gap-1 border-t pt-2.5 text-ink-2 text-xs">
          {reasons.map((reason) => (
            <li key={reason}>
              <SafeText text={reason} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Stands where a part of the context will: as high as one line, so that nothing jumps. */
function Pending({ state }: { readonly state: ContextState }) {
  return state.kind === 'failed' ? (
    <span className="text-ink-3">not to be had</span>
  ) : (
    <Skeleton className="ml-auto h-[1.1875rem] w-20" />
  );
}

function TagWords({ tag }: { readonly tag: ApprovalContext['tag'] }) {
  if (tag.at === null) return <span className="text-ink-3">version 1, as suggested</span>;
  return (
    <>
      version {tag.version}
      <span className="block text-ink-3 text-xs">
        {tag.by}, <When at={tag.at} />
      </span>
    </>
  );
}

/** How often such a call was asked for and let through, beside the same tool for everybody and the same agent for all. */
function Rates({ record, context }: { readonly record: ApprovalDetail; readonly context: ApprovalContext | null }) {
  const rows = [
    { name: 'this agent, this tool', rate: record.baseRate },
    { name: 'this tool, any agent', rate: context?.rates.tool },
    { name: 'this agent, any tool', rate: context?.rates.agent },
  ];
  return (
    <table className="mt-2.5 w-full border-t text-xs [&_td]:py-0.5 [&_th]:py-0.5">
      <caption className="sr-only">Asked and approved in {record.baseRate.days} days</caption>
      <thead>
        <tr className="text-ink-3">
          <th scope="col" className="pt-2.5 text-left font-normal">
            {record.baseRate.days} days
          </th>
          <th scope="col" className="pt-2.5 text-right font-normal">
            asked
          </th>
          <th scope="col" className="pt-2.5 text-right font-normal">
            approved
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, rate }) => (
          <tr key={name}>
            <th scope="row" className="text-left font-normal text-ink-2">
              {name}
            </th>
            <td className="tabular text-right">{rate?.asked ?? '…'}</td>
            <td className="tabular text-right">
              {rate === undefined ? '…' : rate.asked === 0 ? '–' : approvedWords(rate)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function approvedWords({ asked, approved }: { readonly asked: number; readonly approved: number }): string {
  return `${approved} (${Math.round((approved / asked) * 100)}%)`;
}
