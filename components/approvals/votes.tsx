'use client';

import { Check, KeyRound, Siren, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { When } from '#components/ui/when.tsx';
import { useMe } from '#lib/client/use-me.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { FactorList } from './quorum-meter.tsx';
import { useRequestAction } from './use-request-action.ts';

type Vote = ApprovalDetail['votes'][number];

/** Who has voted and whether it counts, and who is still missing. */
export function Votes({ record }: { readonly record: ApprovalDetail }) {
  const me = useMe();
  const { needed, approved } = record.quorum;
  const open = record.status === 'pending' || record.status === 'approved';
  const nobody = record.votes.length === 0;
  return (
    <Card title="Votes" aside={`${Math.min(approved, needed)} of ${needed} needed`}>
      <FactorList factors={record.terms.factors} />
      <ul className="grid gap-2.5">
        {record.votes.map((vote) => (
          <VoteLine
            key={`${vote.personId} ${vote.forPersonName ?? ''} ${vote.castAt}`}
            vote={vote}
            open={open}
            onWithdraw={
              open && vote.personId === me.data?.id && vote.withdrawnAt === null ? (
                <WithdrawVote record={record} />
              ) : null
            }
          />
        ))}
        {nobody && <li className="text-ink-3">Nobody {record.status === 'pending' ? 'yet' : 'voted'}.</li>}
      </ul>
    </Card>
  );
}

function VoteLine({
  vote,
  open,
  onWithdraw,
}: {
  readonly vote: Vote;
  readonly open: boolean;
  readonly onWithdraw: ReactNode;
}) {
  const withdrawn = vote.withdrawnAt !== null;
  const Icon = vote.decision === 'approve' ? Check : X;
  const tone =
    withdrawn || (open && !vote.counts) ? 'text-ink-3' : vote.decision === 'approve' ? 'text-low' : 'text-high';
  return (
    <li className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-0.5">
      <span className={cx('min-w-0 [overflow-wrap:anywhere]', withdrawn && 'text-ink-3 line-through')}>
        {vote.personName}
        {vote.forPersonName !== null && (
          <>
            {' '}
            <span className="text-ink-3">for</span> {vote.forPersonName}
          </>
        )}
      </span>
      <span className={cx('flex items-center gap-1 self-start font-semibold', tone)}>
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
      {open && vote.countsWith !== undefined && (
        <span className="col-span-2 text-medium text-xs [overflow-wrap:anywhere]">
          <SafeText text={vote.countsWith} />
        </span>
      )}
      <VoteMarks vote={vote} open={open} />
      {onWithdraw !== null && <span className="col-span-2">{onWithdraw}</span>}
    </li>
  );
}

function VoteMarks({ vote, open }: { readonly vote: Vote; readonly open: boolean }) {
  const aged = open && vote.withdrawnAt === null && !vote.counts;
  if (!vote.stepUp && !vote.breakGlass && vote.withdrawnAt === null && !aged) return null;
  return (
    <span className="col-span-2 flex flex-wrap gap-1">
      {vote.withdrawnAt !== null && <Badge>withdrawn</Badge>}
      {aged && <Badge tone="warning">no longer counts</Badge>}
      {vote.stepUp && <Badge icon={<KeyRound aria-hidden="true" />}>with passkey</Badge>}
      {vote.breakGlass && (
        <Badge tone="danger" icon={<Siren aria-hidden="true" />}>
          break-glass
        </Badge>
      )}
    </span>
  );
}

/** Takes back one's own vote. Where that ends an approval for good, it says so before. */
function WithdrawVote({ record }: { readonly record: ApprovalDetail }) {
  const [open, setOpen] = useState(false);
  const withdraw = useRequestAction(record, 'withdraw-vote');
  return (
    <>
      <Button size="sm" variant="ghost" className="-ml-2.5" onClick={() => setOpen(true)}>
        Withdraw my vote…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(now) => {
          setOpen(now);
          withdraw.reset();
        }}
        title="Withdraw your vote?"
        consequence={
          record.status === 'approved'
            ? 'If the votes left are too few, the approval is revoked for good and the call does not run. The agent may ask again.'
            : 'The request goes on waiting as if you had not voted. You may vote again.'
        }
        confirmWord="Withdraw"
        tone={record.status === 'approved' ? 'danger' : 'plain'}
        busy={withdraw.busy}
        problem={withdraw.problem}
        onConfirm={async () => {
          const answer = await withdraw.run();
          if (answer.ok) setOpen(false);
        }}
      />
    </>
  );
}
