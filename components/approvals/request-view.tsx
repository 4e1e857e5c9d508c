'use client';

import Link from 'next/link';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { RepeatCard } from '#components/grant-form/repeat-card.tsx';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import type { ApiProblem } from '#lib/client/api.ts';
import { classWords } from '#lib/client/format.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { AgentSays } from './agent-says.tsx';
import { DecisionBar } from './decision-bar.tsx';
import { Escalation } from './escalate.tsx';
import { FrozenArgs } from './frozen-args.tsx';
import { judgeDigest } from './judge-decision.ts';
import { Proof } from './proof.tsx';
import { useRequestContext } from './request-context.ts';
import { RequestPresence } from './request-presence.tsx';
import { StatusBadge } from './status-badge.tsx';
import { STATUS_WORDS } from './status-words.ts';
import { Story } from './story.tsx';
import { useArgsHash } from './use-args-hash.ts';
import { Votes } from './votes.tsx';
import { WhyHeld } from './why-held.tsx';

type RequestViewProps = {
  readonly record: ApprovalDetail;
  readonly back?: ReactNode;
  readonly refreshProblem?: ApiProblem | null;
  readonly onRetry?: () => void;
};

/** One request, whole: what will run first, why it waits beside it, the decision always in reach below. */
export function RequestView({ record, back, refreshProblem = null, onRetry }: RequestViewProps) {
  const [unopened, setUnopened] = useState(0);
  useEffect(() => document.getElementById('request-title')?.focus({ preventScroll: true }), []);
  const shownHash = useArgsHash(record.canonicalArgs);
  const digest = useMemo(() => judgeDigest(record, shownHash), [record, shownHash]);
  const context = useRequestContext(record);
  return (
    <article aria-labelledby="request-title" className="flex h-full min-h-0 flex-col">
      {back}
      <div className="relative min-h-0 flex-1 overflow-y-auto px-4 pt-4 pb-8 sm:px-7 sm:pt-5 desk:scroll-pb-24">
        <Heading record={record} />
        <RequestPresence record={record} />
        <div className="grid gap-3 empty:hidden [&:not(:empty)]:mb-4">
          {record.status !== 'pending' && <StatusNotice record={record} />}
          {digest === 'erased' && (
            <Notice title="The arguments were erased">
              By the retention rule, <When at={record.argsErasedAt ?? record.serverTime} />. What was decided about
              them, and by whom, stays.
            </Notice>
          )}
          {digest === 'differs' && (
            <Notice tone="danger" role="alert" title="Shown and signed differ">
              This browser recomputed the digest from the arguments below and got another one. Do not decide on what you
              see here. Tell security.
            </Notice>
          )}
          {refreshProblem !== null && (
            <ProblemNotice problem={refreshProblem} {...(onRetry === undefined ? {} : { onRetry })} />
          )}
        </div>
        <div className="grid gap-x-6 gap-y-4 xl:grid-cols-[minmax(0,1fr)_17rem]">
          <div className="grid min-w-0 content-start gap-4">
            {digest !== 'erased' && (
              <FrozenArgs key={record.digest} record={record} state={context} onUnopened={setUnopened} />
            )}
            <AgentSays record={record} />
            <Story title="This session" events={record.session} />
          </div>
          <aside aria-label="Risk and votes" className="grid min-w-0 content-start gap-4">
            <WhyHeld record={record} state={context} />
            <Votes record={record} />
            <Escalation record={record} />
            <RepeatCard record={record} />
            <Story title="This request" events={record.story} narrow />
            <Proof record={record} verdict={digest} />
          </aside>
        </div>
      </div>
      <DecisionBar record={record} unopened={unopened} digest={digest} checking={context.kind === 'loading'} />
    </article>
  );
}

function Heading({ record }: { readonly record: ApprovalDetail }) {
  return (
    <header className="mb-4">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-ink-2">
        <TierBadge tier={record.tier} />
        {classWords(record.actionClass)}
        {record.tainted && <Badge tone="warning">tainted session</Badge>}
        {record.redTeam === true && <Badge tone="accent">red team: nothing is behind it</Badge>}
        <span className="text-ink-3">held by</span>
        <Link href="/policies" className="link target">
          <SafeText text={record.rule} />
        </Link>
        {record.status !== 'pending' && <StatusBadge status={record.status} />}
      </p>
      <h1 id="request-title" tabIndex={-1} className="mt-2 font-semibold text-xl tracking-tight outline-none">
        <SafeText text={record.server} /> <span className="font-normal text-ink-3">·</span>{' '}
        <SafeText as="code" text={record.tool} className="text-[0.94em] tracking-tighter" />
      </h1>
      <p className="mt-1 max-w-[68ch] text-ink-2">
        {record.tagReason !== null && (
          <span className="block">
            <SafeText text={record.tagReason} /> <span className="text-ink-3">(note by your admins)</span>
          </span>
        )}
        Asked <When at={record.requestedAt} /> by <SafeText text={record.agent} className="font-medium text-ink" />
        {record.onBehalfOf !== null && (
          <>
            , acting for <SafeText text={record.onBehalfOf} className="font-medium text-ink" />
          </>
        )}
        {record.mine && ', an agent of yours'}.
      </p>
    </header>
  );
}

function StatusNotice({ record }: { readonly record: ApprovalDetail }) {
  const { tone, sentence } = STATUS_WORDS[record.status];
  const last = record.votes.findLast((vote) => vote.withdrawnAt === null);
  // Without a role: the decision bar says it to a screen reader.
  // A denial is a decision like another, nothing that needs help: its badge is red, its notice is not.
  const NOTICE = { plain: 'info', accent: 'info', good: 'good', warning: 'warning', danger: 'info' } as const;
  return (
    <Notice tone={NOTICE[tone]} title={sentence}>
      {last !== undefined && (
        <>
          {last.decision === 'approve' ? 'Last approved' : 'Denied'} by {last.personName}
          {last.forPersonName !== null && ` for ${last.forPersonName}`} <When at={last.castAt} />
          {last.reason !== null && (
            <>
              : “<SafeText text={last.reason} />”
            </>
          )}
          .
        </>
      )}
      {record.supersededBy !== null && (
        <p>
          <Link href={`/approvals/${record.supersededBy}`} className="link">
            Open the request that took its place
          </Link>
        </p>
      )}
    </Notice>
  );
}
