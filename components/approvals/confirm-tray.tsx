'use client';

import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Kbd } from '#components/ui/kbd.tsx';
import { plural, shortDigest } from '#lib/client/format.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { useArmed } from './use-armed.ts';
import { type Decision, needsStepUp, type VoteChoice } from './use-vote.ts';
import { VoteOptions } from './vote-options.tsx';

type ConfirmTrayProps = {
  readonly record: ApprovalDetail;
  readonly decision: Decision;
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly onCommit: (choice: VoteChoice) => Promise<void>;
};

/** The ids of the buttons that open it. */
export const OPENERS = { approve: 'open-approval', deny: 'open-denial' } as const;

/** The second step: says what is about to be decided, takes the reason, and waits for a deliberate commit. */
export function ConfirmTray({ record, decision, busy, onCancel, onCommit }: ConfirmTrayProps) {
  const [reason, setReason] = useState('');
  const [key] = useState(newKey);
  const [forPersonId, setForPersonId] = useState<string | null>(null);
  const [breakGlass, setBreakGlass] = useState(false);
  const armed = useArmed(key);
  const input = useRef<HTMLInputElement>(null);
  const before = useRef<Element | null>(null);
  useEffect(() => {
    before.current = document.activeElement;
    input.current?.focus();
    return () => {
      // Back to where the reader was. The tray took the place of the button that opened it: that one is there again, or
      // after a decision it is gone, and the heading says of what.
      const had = before.current;
      if (had instanceof HTMLElement && had !== document.body && had.isConnected) return had.focus();
      const opener = document.getElementById(OPENERS[decision]);
      (opener ?? document.getElementById('request-title'))?.focus({ preventScroll: true });
    };
  }, [decision]);
  const commit = (event?: FormEvent) => {
    event?.preventDefault();
    if (armed && !busy) void onCommit({ reason, key, forPersonId, breakGlass });
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      onCancel();
    } else if (event.key === 'Enter') {
      // A bare Enter in the reason must not decide; with Ctrl or ⌘ it is meant.
      if (event.target instanceof HTMLInputElement) event.preventDefault();
      if ((event.ctrlKey || event.metaKey) && !event.repeat) {
        event.preventDefault();
        commit();
      }
    }
  };
  const approving = decision === 'approve';
  return (
    <form
      onSubmit={commit}
      onKeyDown={press}
      aria-label={approving ? 'Confirm approval' : 'Confirm denial'}
      className="animate-rise"
    >
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <b className="font-semibold">{approving ? 'Approve' : 'Deny'}</b>
        <span>
          <SafeText text={record.server} /> · <SafeText as="code" text={record.tool} />
        </span>
        <span className="text-ink-3">for</span> <SafeText text={record.agent} />
        <TierBadge tier={record.tier} />
        <span className="text-ink-3 text-xs">
          {approving ? approvalWords(record, breakGlass) : 'one denial is enough; it does not run'}
        </span>
      </p>
      <VoteOptions
        record={record}
        decision={decision}
        forPersonId={forPersonId}
        onForPersonId={setForPersonId}
        breakGlass={breakGlass}
        onBreakGlass={setBreakGlass}
      />
      <div className="mt-2.5 flex flex-wrap items-end gap-2.5">
        <div className="min-w-0 flex-1 basis-60">
          <Field label={approving ? 'Why is this right?' : 'Why not?'} optional>
            <Input
              ref={input}
              value={reason}
              maxLength={500}
              autoComplete="off"
              placeholder="Kept in the audit log"
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        </div>
        <div className="flex gap-2.5 max-sm:w-full max-sm:[&>*]:flex-1">
          <Button size="lg" onClick={onCancel}>
            Back <Kbd>Esc</Kbd>
          </Button>
          <Button
            type="submit"
            size="lg"
            variant={approving ? 'primary' : 'danger-solid'}
            busy={busy}
            aria-keyshortcuts="Control+Enter"
            className={armed ? undefined : 'opacity-70'}
          >
            {approving ? (needsStepUp(record, decision, breakGlass) ? 'Approve with passkey' : 'Approve') : 'Deny'}{' '}
            <Kbd tone="inherit">Ctrl ↵</Kbd>
          </Button>
        </div>
      </div>
    </form>
  );
}

/** What an approval does now: lets it run, at once or after the undo window, or brings it one vote nearer. */
function approvalWords(record: ApprovalDetail, breakGlass: boolean): string {
  const missing = record.quorum.needed - record.quorum.approved;
  if (missing > 1 && !breakGlass) return `your vote; ${missing - 1} more needed`;
  const when =
    record.terms.undoS === 0
      ? 'runs at once'
      : `runs after ${plural(record.terms.undoS, 'second')} in which it can be undone`;
  return `${when}, exactly as shown, digest ${shortDigest(record.digest)}`;
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
