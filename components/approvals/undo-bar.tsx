'use client';

import { Undo2 } from 'lucide-react';
import { KeyHint, useAriaKey } from '#components/shell/key-hint.tsx';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { useRequestAction } from './use-request-action.ts';

export const UNDO_WORDS = 'Approved. It runs when the undo window closes.';

/** Whether the call is approved and still waits out its undo window. */
export function isUndoable(record: ApprovalDetail, nowMs: number): boolean {
  return (
    record.status === 'approved' && record.executeAfter !== null && nowMs > 0 && Date.parse(record.executeAfter) > nowMs
  );
}

/**
 * The window between approval and execution, which the server keeps: closing this page neither ends nor stretches it.
 * One press takes the approval back: undoing is the safe direction, and there are seconds to do it in.
 */
export function UndoBar({ record }: { readonly record: ApprovalDetail }) {
  const now = useNow();
  const veto = useRequestAction(record, 'veto');
  const { mayVote } = record;
  const blocked = mayVote.allowed || mayVote.mayDeny ? null : mayVote.sentence;
  const leftMs = Math.max(0, Date.parse(record.executeAfter ?? record.serverTime) - now);
  const undo = () => {
    if (blocked === null && !veto.busy) void veto.run();
  };
  useShortcuts({ u: undo });
  const ariaKey = useAriaKey('u');
  return (
    <div className="grid gap-2.5">
      {veto.problem !== null && <ProblemNotice problem={veto.problem} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2.5">
        <p className="font-semibold">{UNDO_WORDS}</p>
        <p aria-hidden="true" className="tabular text-ink-2">
          {formatCountdown(leftMs)} left
        </p>
        <div className="ml-auto max-sm:w-full max-sm:[&>*]:w-full">
          <Button
            size="lg"
            variant="danger-solid"
            busy={veto.busy}
            disabledReason={blocked}
            onClick={undo}
            aria-keyshortcuts={ariaKey}
          >
            <Undo2 aria-hidden="true" className="size-4" />
            Undo <KeyHint command="u" tone="inherit" />
          </Button>
        </div>
      </div>
    </div>
  );
}
