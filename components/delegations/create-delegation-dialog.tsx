'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { serverNow } from '#lib/client/time.ts';
import { useMe } from '#lib/client/use-me.ts';
import { useCreateDelegation } from './use-delegation-writes.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };
const DAYS = [1, 2, 3, 5, 7, 10, 14] as const;
const DAY_MS = 86_400_000;
/** The server refuses more than 14 days by its own clock, which may be a moment behind. */
const SLACK_MS = 60_000;

/** Lets somebody vote in one's place for some days. */
export function CreateDelegationDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Delegate your votes"
        description="They vote in your place, each vote is recorded as theirs for you, and they cannot pass it on. What you may not decide, they may not decide for you."
      >
        <CreateForm onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function CreateForm({ onDone }: { readonly onDone: () => void }) {
  const write = useCreateDelegation();
  const me = useMe().data?.id;
  const people = usePeople().data?.items ?? [];
  const [toId, setToId] = useState('');
  const [days, setDays] = useState<number>(3);
  const [reason, setReason] = useState('');
  const reviewers = people.filter(
    (person) => person.id !== me && person.status === 'active' && person.roles.includes('reviewer'),
  );
  const blocked =
    toId === '' ? 'Choose who votes for you.' : reason.trim().length < 3 ? 'Say why first, in a few words.' : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || write.busy) return;
    const endsAt = new Date(serverNow() + days * DAY_MS - SLACK_MS).toISOString();
    if ((await write.run({ toId, endsAt, reason: reason.trim() })).ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Who votes for you"
          hint={reviewers.length === 0 ? 'There is no other active reviewer.' : undefined}
        >
          <Select value={toId} onChange={(event) => setToId(event.target.value)}>
            <option value="">Choose</option>
            {reviewers.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name || person.email}
              </option>
            ))}
          </Select>
        </Field>
        <Field label="From now, for">
          <Select value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {DAYS.map((count) => (
              <option key={count} value={count}>
                {count === 1 ? '1 day' : `${count} days`}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label="Why" hint="Kept in the log, and shown to others.">
        <Input value={reason} maxLength={500} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
      </Field>
      {write.problem !== null && <ProblemNotice problem={write.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={write.busy} disabledReason={blocked}>
          Delegate
        </Button>
      </DialogActions>
    </form>
  );
}
