'use client';

import { BellRing } from 'lucide-react';
import { useState } from 'react';
import { KeyHint, useAriaKey } from '#components/shell/key-hint.tsx';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { askedByNow, nextStep } from './quorum-words.ts';
import { useRequestAction } from './use-request-action.ts';

/** Who is asked next if nobody decides, when that happens by itself, and a way to ask them now. */
export function Escalation({ record }: { readonly record: ApprovalDetail }) {
  const [open, setOpen] = useState(false);
  const now = useNow();
  const escalate = useRequestAction(record, 'escalate');
  const ariaKey = useAriaKey('e');
  const next = nextStep(record.terms);
  const asked = askedByNow(record.terms);
  const waiting = record.status === 'pending';
  // The bar falls by itself when the step's time comes; the record that says so may be a moment late.
  const bar = record.terms.escalateBar;
  useShortcuts({ e: () => waiting && next !== null && bar === null && setOpen(true) });
  if (record.terms.escalation.length === 0) return null;
  const leftMs = next?.at == null ? null : Date.parse(next.at) - now;
  return (
    <Card title="Escalation" aside={`${record.terms.escalationStep} of ${record.terms.escalation.length} steps taken`}>
      {asked.length > 0 && <p className="mb-1.5 text-ink-2">Asked by now: {asked.join('; ')}.</p>}
      {next === null ? (
        <p className="text-ink-3">Everybody this rule names is asked.</p>
      ) : waiting ? (
        <>
          <p>
            Next: <b className="font-semibold">{next.groups}</b>
            {leftMs !== null && now > 0 && (
              <span className="tabular text-ink-2">
                {leftMs > 0 ? `, by itself in ${formatCountdown(leftMs)}` : ', now'}
              </span>
            )}
          </p>
          <Button
            size="sm"
            className="mt-2"
            onClick={() => setOpen(true)}
            disabledReason={bar}
            aria-keyshortcuts={ariaKey}
          >
            <BellRing aria-hidden="true" className="size-3.5" />
            Ask them now… <KeyHint command="e" />
          </Button>
          <ConfirmDialog
            open={open}
            onOpenChange={(now) => {
              setOpen(now);
              escalate.reset();
            }}
            title={`Ask ${next.groups} now?`}
            consequence="They are asked at once and may decide too. Whoever was asked before stays asked."
            confirmWord="Ask now"
            busy={escalate.busy}
            problem={escalate.problem}
            onConfirm={async () => {
              const answer = await escalate.run();
              if (answer.ok) setOpen(false);
            }}
          />
        </>
      ) : null}
    </Card>
  );
}
