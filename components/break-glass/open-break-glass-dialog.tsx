'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { useOpenBreakGlass } from './use-break-glass-writes.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Opens a session in which one person may fill any quorum: with a reason, a ticket, an end, and a passkey. */
export function OpenBreakGlassDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        tone="danger"
        title="Break the glass"
        description="You may then decide requests alone until it ends. Everybody sees it at once, security is told, and somebody else reviews it within 24 hours."
      >
        <OpenForm onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function OpenForm({ onDone }: { readonly onDone: () => void }) {
  const write = useOpenBreakGlass();
  const [reason, setReason] = useState('');
  const [ticket, setTicket] = useState('');
  const [minutes, setMinutes] = useState(15);
  const blocked =
    reason.trim().length < 3
      ? 'Say what the emergency is first.'
      : ticket.trim() === ''
        ? 'Name the ticket or incident.'
        : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || write.busy) return;
    if ((await write.run({ reason: reason.trim(), ticket: ticket.trim(), minutes })).ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <Field label="What is the emergency?" hint="Kept in the log, and shown to others.">
        <Input value={reason} maxLength={500} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Ticket or incident">
          <Input
            value={ticket}
            maxLength={100}
            autoComplete="off"
            onChange={(event) => setTicket(event.target.value)}
          />
        </Field>
        <Field label="For how long">
          <Select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {[5, 10, 15].map((value) => (
              <option key={value} value={value}>
                {value} minutes
              </option>
            ))}
          </Select>
        </Field>
      </div>
      {write.problem !== null && <ProblemNotice problem={write.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="danger-solid" busy={write.busy} disabledReason={blocked}>
          Open with passkey
        </Button>
      </DialogActions>
    </form>
  );
}
