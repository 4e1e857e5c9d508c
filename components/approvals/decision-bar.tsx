'use client';

import { CircleAlert } from 'lucide-react';
import { useRef, useState } from 'react';
import { KeyHint, useAriaKey } from '#components/shell/key-hint.tsx';
import { useKillSwitch } from '#components/shell/kill-state.ts';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { TimeRing, TimeSpoken } from '#components/ui/time-left.tsx';
import { useLive } from '#lib/client/live.ts';
import { useMe } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { parseScope } from '#lib/core/kill-switch/scopes.ts';
import { ConfirmTray, OPENERS } from './confirm-tray.tsx';
import { blockApprove, blockDeny, type DigestVerdict, hasApproved, mayDeny, type Situation } from './judge-decision.ts';
import { NextRequest } from './next-request.tsx';
import { QuorumPips } from './quorum-meter.tsx';
import { MoreTime } from './request-more-time.tsx';
import { STATUS_WORDS } from './status-words.ts';
import { isUndoable, UNDO_WORDS, UndoBar } from './undo-bar.tsx';
import { useArmed } from './use-armed.ts';
import { type Decision, useVote, type VoteState } from './use-vote.ts';

type DecisionBarProps = {
  readonly record: ApprovalDetail;
  readonly unopened: number;
  readonly digest: DigestVerdict;
  readonly checking: boolean;
};

/** Always in reach: time, quorum, deny, approve. A button or a key opens the tray; only the tray decides. */
export function DecisionBar({ record, unopened, digest, checking }: DecisionBarProps) {
  const live = useLive();
  const nowMs = useNow();
  const scopes = useKillSwitch().data?.scopes ?? [];
  const me = useMe().data?.id;
  const vote = useVote(record);
  const bar = useRef<HTMLElement>(null);
  const [tray, setTray] = useState<{ readonly decision: Decision; readonly digest: string } | null>(null);
  const armed = useArmed(`${record.id} ${record.digest} ${record.status}`);
  const killed = scopes.flatMap(({ on, scope }) => {
    const parsed = on ? parseScope(scope) : null;
    return parsed?.ok ? [parsed.value] : [];
  });
  const situation: Situation = {
    record,
    nowMs,
    stale: live.state === 'stale',
    killed,
    unopened,
    digest,
    checking,
    approvedByMe: hasApproved(record, me),
  };
  const blocked = { approve: blockApprove(situation), deny: blockDeny(situation) };
  const open = (decision: Decision) => {
    if (blocked[decision] !== null || !armed || vote.state.kind === 'sending') return;
    vote.clear();
    setTray({ decision, digest: record.digest });
  };
  const ariaKeys = { approve: useAriaKey('a'), deny: useAriaKey('d') };
  useShortcuts({
    a: () => open('approve'),
    d: () => open('deny'),
    // In an open tray the reason, wherever the focus went; without one, the reason for a no.
    r: () => {
      const reason = bar.current?.querySelector<HTMLInputElement>('form input[type=text], form input:not([type])');
      if (reason == null) open('deny');
      else reason.focus();
    },
  });
  // What the tray was opened for is no longer what is shown: it must not be committed by a hand already on its way.
  const trayStands = tray !== null && tray.digest === record.digest && blocked[tray.decision] === null;
  if (tray !== null && !trayStands && vote.state.kind !== 'sending') setTray(null);
  const canAct = record.status === 'pending' || (record.status === 'approved' && mayDeny(record));

  return (
    <section
      ref={bar}
      aria-label="Decision"
      className="sticky bottom-0 z-20 border-t bg-panel px-4 pt-2.5 pb-[max(0.625rem,env(safe-area-inset-bottom))] sm:px-7 [@media(max-height:26rem)]:static"
    >
      {/* It stands there before its words come: a status that arrives together with them is often not read out. */}
      <p role="status" className="sr-only">
        {record.status === 'pending'
          ? vote.state.kind === 'counted' && `Your ${DONE[vote.state.decision]} counts.`
          : isUndoable(record, nowMs)
            ? UNDO_WORDS
            : STATUS_WORDS[record.status].sentence}
      </p>
      {record.status === 'pending' && <TimeSpoken expiresAt={record.expiresAt} />}
      <VoteOutcome state={vote.state} />
      {tray !== null && trayStands ? (
        <ConfirmTray
          key={`${tray.decision} ${tray.digest}`}
          record={record}
          decision={tray.decision}
          busy={vote.state.kind === 'sending'}
          onCancel={() => setTray(null)}
          onCommit={async (choice) => {
            await vote.send({ ...choice, decision: tray.decision, digest: tray.digest });
            setTray(null);
          }}
        />
      ) : isUndoable(record, nowMs) ? (
        <UndoBar record={record} />
      ) : canAct ? (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
          {record.status === 'pending' ? (
            <>
              <TimeRing requestedAt={record.requestedAt} expiresAt={record.expiresAt} />
              <MoreTime record={record} />
              <QuorumPips quorum={record.quorum} terms={record.terms} />
            </>
          ) : (
            <span className="text-ink-2">{STATUS_WORDS.approved.sentence} Until then it can still be denied.</span>
          )}
          <div className="ml-auto flex gap-2.5 max-sm:w-full max-sm:[&>*]:flex-1">
            <Button
              id={OPENERS.deny}
              size="lg"
              onClick={() => open('deny')}
              disabledReason={blocked.deny}
              aria-keyshortcuts={ariaKeys.deny}
            >
              {record.status === 'approved' ? 'Deny after all' : 'Deny'} <KeyHint command="d" />
            </Button>
            {record.status === 'pending' && (
              <Button
                id={OPENERS.approve}
                size="lg"
                variant="primary"
                onClick={() => open('approve')}
                disabledReason={blocked.approve}
                aria-keyshortcuts={ariaKeys.approve}
              >
                Approve… <KeyHint command="a" tone="inherit" />
              </Button>
            )}
          </div>
          {record.status === 'pending' && blocked.approve !== null && (
            <p className="flex w-full items-start gap-1.5 font-medium text-ink-2 text-xs sm:justify-end">
              <CircleAlert aria-hidden="true" className="mt-px size-3.5 shrink-0 text-medium" />
              {blocked.approve}
            </p>
          )}
        </div>
      ) : (
        <div className="flex min-h-8 flex-wrap items-center gap-x-4 gap-y-2">
          <p className="text-ink-2">{STATUS_WORDS[record.status].sentence}</p>
          <NextRequest after={record.id} />
        </div>
      )}
    </section>
  );
}

const DONE = { approve: 'approval', deny: 'denial' } as const;

function VoteOutcome({ state }: { readonly state: VoteState }) {
  switch (state.kind) {
    case 'idle':
    case 'sending':
    case 'counted':
      return null;
    case 'changed':
      return (
        <Notice
          tone="warning"
          role="alert"
          className="mb-2.5"
          title={`Your ${DONE[state.decision]} was not sent through`}
        >
          What you saw is not what is here now. {state.changes.join(' ')} Read it again before you decide.
        </Notice>
      );
    case 'refused':
      return <ProblemNotice className="mb-2.5" problem={state.problem} />;
  }
}
