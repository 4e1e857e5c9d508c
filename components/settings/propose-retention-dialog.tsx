'use client';

import { useDeferredValue, useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { LONGEST_RETENTION_DAYS, SHORTEST_RETENTION_DAYS } from '#lib/contracts/settings.ts';
import { WouldErase } from './open-retention-change.tsx';
import { useProposeRetention } from './use-settings-parts.ts';

type Props = {
  readonly current: number | null;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Proposes how long arguments and results are kept; nothing is erased by proposing. */
export function ProposeRetentionDialog({ current, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="How long arguments and results are kept"
        description="Nothing changes until a second person agreed. What erases more takes effect a day after that."
      >
        <ProposeForm current={current} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function ProposeForm({ current, onDone }: { readonly current: number | null; readonly onDone: () => void }) {
  const propose = useProposeRetention();
  const [endless, setEndless] = useState(false);
  const [typed, setTyped] = useState(String(current ?? 365));
  const [reason, setReason] = useState('');
  const days = /^\d{1,4}$/.test(typed) ? Number(typed) : 0;
  const shownDays = useDeferredValue(days);
  const wrong = days < SHORTEST_RETENTION_DAYS || days > LONGEST_RETENTION_DAYS;
  const payloadDays = endless ? null : days;
  const blocked =
    !endless && wrong
      ? `From ${SHORTEST_RETENTION_DAYS} to ${LONGEST_RETENTION_DAYS} days.`
      : payloadDays === current
        ? 'This is how long they are kept now.'
        : reasonBar(reason);
  const send = async () => {
    const answer = await propose.run({ payloadDays, reason: reason.trim() });
    if (answer.ok) onDone();
  };
  return (
    <DialogForm
      commit="Propose"
      blocked={blocked}
      busy={propose.busy}
      problem={propose.problem}
      onSubmit={() => void send()}
    >
      <Field label="Keep them">
        <Select value={endless ? 'ever' : 'days'} onChange={(event) => setEndless(event.target.value === 'ever')}>
          <option value="days">for a number of days</option>
          <option value="ever">for ever</option>
        </Select>
      </Field>
      {!endless && (
        <Field
          label="Days"
          hint="At least 30: what a policy would have done is tried on the calls of the last 30 days."
          error={wrong && typed !== '' ? `From ${SHORTEST_RETENTION_DAYS} to ${LONGEST_RETENTION_DAYS}.` : null}
        >
          <Input inputMode="numeric" value={typed} maxLength={4} onChange={(event) => setTyped(event.target.value)} />
        </Field>
      )}
      {(endless || !wrong) && <WouldErase days={endless ? null : shownDays} />}
      <ReasonField value={reason} onChange={setReason} />
    </DialogForm>
  );
}
