'use client';

import { type FormEvent, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { When } from '#components/ui/when.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { RedTeamGapView } from '#lib/contracts/red-team.ts';
import { useAcceptGap, useEndGap } from './use-red-team.ts';

const DAYS = [7, 30, 90] as const;

type Props = { readonly scenario: string; readonly gap: RedTeamGapView | null };

/** Accepts for a while that a scenario gets through, or no longer. */
export function AcceptGap({ scenario, gap }: Props) {
  return gap === null ? <AcceptForm scenario={scenario} /> : <Accepted gap={gap} />;
}

function AcceptForm({ scenario }: { readonly scenario: string }) {
  const accept = useAcceptGap();
  const bar = useRoleBar('admin');
  const [reason, setReason] = useState('');
  const [days, setDays] = useState('30');
  const blocked = bar ?? reasonBar(reason);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === null && !accept.busy) void accept.run({ scenario, reason: reason.trim(), days: Number(days) });
  };
  return (
    <form onSubmit={submit} className="grid gap-3 border-t pt-3">
      <div>
        <h3 className="font-semibold">Accept it as a known gap</h3>
        <p className="text-ink-2">From the next run on it raises no incident, until the time is over.</p>
      </div>
      <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_8rem]">
        <ReasonField value={reason} onChange={setReason} />
        <Field label="For">
          <Select value={days} onChange={(event) => setDays(event.target.value)}>
            {DAYS.map((n) => (
              <option key={n} value={n}>{`${n} days`}</option>
            ))}
          </Select>
        </Field>
      </div>
      {accept.problem !== null && <ProblemNotice problem={accept.problem} />}
      <span>
        <Button type="submit" busy={accept.busy} disabledReason={blocked}>
          Accept the gap
        </Button>
      </span>
    </form>
  );
}

function Accepted({ gap }: { readonly gap: RedTeamGapView }) {
  const end = useEndGap();
  const bar = useRoleBar('admin');
  return (
    <div className="grid gap-2 border-t pt-3">
      <h3 className="font-semibold">A known gap</h3>
      <p role="status" className="text-ink-2">
        Accepted by {gap.acceptedBy} until <When at={gap.until} />: <SafeText text={gap.reason} />
      </p>
      {end.problem !== null && <ProblemNotice problem={end.problem} />}
      <span>
        <Button size="sm" busy={end.busy} disabledReason={bar} onClick={() => void end.run(gap.id)}>
          Accept it no longer
        </Button>
      </span>
    </div>
  );
}
