import { Check, Eye, X } from 'lucide-react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { When } from '#components/ui/when.tsx';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

/** Who has voted, who is looking, and how many are needed. */
export function Votes({ record }: { readonly record: ApprovalDetail }) {
  const { needed, approved } = record.quorum;
  return (
    <Card title="Votes" aside={`${approved} of ${needed} needed`}>
      <ul className="grid gap-2">
        {record.votes.map((vote) => {
          const Icon = vote.decision === 'approve' ? Check : X;
          return (
            <li key={vote.personId} className="grid grid-cols-[1fr_auto] gap-x-3">
              <span className="min-w-0 truncate">{vote.personName}</span>
              <span
                className={cx(
                  'flex items-center gap-1 font-semibold',
                  vote.decision === 'approve' ? 'text-low' : 'text-high',
                )}
              >
                <Icon aria-hidden="true" className="size-3.5" />
                {vote.decision === 'approve' ? 'approved' : 'denied'}
              </span>
              <span className="col-span-2 text-ink-3 text-xs">
                <When at={vote.castAt} />
                {vote.reason !== null && (
                  <>
                    : “<SafeText text={vote.reason} />”
                  </>
                )}
              </span>
            </li>
          );
        })}
        {record.claimedBy !== null && record.status === 'pending' && (
          <li className="flex items-center justify-between gap-3">
            <span className="truncate">{record.claimedBy}</span>
            <span className="flex items-center gap-1 text-ink-2">
              <Eye aria-hidden="true" className="size-3.5" /> looking now
            </span>
          </li>
        )}
        {record.votes.length === 0 && (record.claimedBy === null || record.status !== 'pending') && (
          <li className="text-ink-3">Nobody {record.status === 'pending' ? 'yet' : 'voted'}.</li>
        )}
      </ul>
    </Card>
  );
}

/** The quorum as filled and empty pips, with the words beside it. */
export function QuorumPips({ needed, approved }: { readonly needed: number; readonly approved: number }) {
  return (
    <span className="flex items-center gap-2 whitespace-nowrap text-ink-2">
      <span aria-hidden="true" className="flex gap-1">
        {Array.from({ length: Math.min(needed, 5) }, (_, at) => (
          <i
            // biome-ignore lint/suspicious/noArrayIndexKey: pips have no identity beyond their place
            key={at}
            className={cx('forced-border h-1.5 w-5 rounded-full', at < approved ? 'bg-accent' : 'bg-line-strong')}
          />
        ))}
      </span>
      {needed === 1 ? (approved === 0 ? '1 person decides' : '1 of 1') : `${approved} of ${needed} people`}
    </span>
  );
}
