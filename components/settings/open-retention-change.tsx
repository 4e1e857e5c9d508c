'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { SecondPersonForm } from '#components/ui/second-person-form.tsx';
import { When } from '#components/ui/when.tsx';
import { formatBytes, formatCount } from '#lib/client/format.ts';
import { formatAbsolute, formatCountdown } from '#lib/client/time.ts';
import { useHasRole, useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { RetentionChange } from '#lib/contracts/settings.ts';
import { keptWords } from './kept-words.ts';
import { useApproveRetention, useRetentionPreview, useWithdrawRetention } from './use-settings-parts.ts';

/** The change that waits: what it would erase, the second person's word, and the way back. */
export function OpenRetentionChange({ change }: { readonly change: RetentionChange }) {
  const waits = change.state === 'waiting';
  return (
    <Card title={waits ? 'Agreed, not yet in force' : 'Waits for a second person'} className="border-medium-line">
      <div className="grid gap-3">
        <p>
          <b className="font-semibold">Keep arguments and results {keptWords(change.payloadDays)}</b>
          <span className="text-ink-2"> instead of {keptWords(change.payloadDaysBefore)}. Proposed by </span>
          {change.proposedBy} <When at={change.proposedAt} className="text-ink-2" />
          <span className="text-ink-2">: </span>
          <SafeText text={change.reason} />
        </p>
        <WouldErase days={change.payloadDays} />
        {waits ? <Waiting change={change} /> : <Decide change={change} />}
      </div>
    </Card>
  );
}

/** What the rule would erase if it were in force now; for those who decide about it. */
export function WouldErase({ days }: { readonly days: number | null }) {
  const may = useHasRole('admin', 'security') === 'yes';
  const query = useRetentionPreview(may ? days : null);
  if (days === null) return <p className="text-ink-2">Nothing would be erased.</p>;
  if (!may) return null;
  if (query.data === undefined) return <p className="min-h-10 text-ink-3">Counting what it would erase…</p>;
  const { payloads, requests, bytes, more, before, oldestAt } = query.data;
  const none = payloads + requests === 0;
  return (
    <p aria-live="polite" className="min-h-10 rounded-md border bg-sunken px-3 py-2">
      {none ? (
        <>Nothing is that old yet: it would erase nothing today, and then day by day.</>
      ) : (
        <>
          Would erase{' '}
          <b className="tabular font-semibold">
            {`${more ? 'more than ' : ''}${formatCount(payloads)} payloads and the arguments of ${formatCount(requests)} requests`}
          </b>{' '}
          ({formatBytes(bytes)}), from {oldestAt === null ? 'before' : formatAbsolute(oldestAt)} to{' '}
          {formatAbsolute(before)}. They cannot be brought back.
        </>
      )}
    </p>
  );
}

function Decide({ change }: { readonly change: RetentionChange }) {
  const now = useNow();
  const roleBar = useRoleBar('admin', 'security');
  const approve = useApproveRetention(change.id);
  const { proposedByMe, aloneFrom } = change;
  const leftMs = aloneFrom === null ? 0 : Date.parse(aloneFrom) - now;
  const blocked =
    roleBar ??
    (proposedByMe && aloneFrom === null
      ? 'You proposed it: another person of admin or security agrees.'
      : aloneFrom !== null && (now === 0 || leftMs > 0)
        ? `You can agree in ${formatCountdown(leftMs)}.`
        : null);
  return (
    <SecondPersonForm
      commit="Agree"
      variant="danger"
      blocked={blocked}
      aloneSince={aloneFrom === null ? null : change.proposedAt}
      write={approve}
    >
      <TakeBack id={change.id} />
    </SecondPersonForm>
  );
}

function Waiting({ change }: { readonly change: RetentionChange }) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <p className="min-w-0 flex-1 basis-60 text-ink-2">
        Agreed to by {change.decidedBy}. Takes effect{' '}
        {change.effectiveAt !== null && <When at={change.effectiveAt} className="font-medium text-ink" />}; until then
        one person of admin or security can take it back.
      </p>
      <TakeBack id={change.id} />
    </div>
  );
}

function TakeBack({ id }: { readonly id: string }) {
  const bar = useRoleBar('admin', 'security');
  const withdraw = useWithdrawRetention(id);
  return (
    <>
      <Button busy={withdraw.busy} disabledReason={bar} onClick={() => void withdraw.run(undefined)}>
        Take it back
      </Button>
      {withdraw.problem !== null && <ProblemNotice problem={withdraw.problem} />}
    </>
  );
}
