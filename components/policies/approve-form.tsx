'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useMe } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import { useApprove } from './use-policies.ts';

/** Why this person cannot approve now, as a sentence that counts down where waiting is all it takes; null = they can. */
function blockApprove(may: PolicyDetail['mayApprove'], now: number): string | null {
  if (may.at === null) return may.allowed ? null : may.sentence;
  const left = Date.parse(may.at) - now;
  return now === 0 || left > 0 ? `You can approve in ${formatCountdown(left)}.` : null;
}

/** The second person's yes to a loosening. In a solo install it is the same person: with the password, after a minute. */
export function ApproveForm({ policy }: { readonly policy: PolicyDetail }) {
  const now = useNow();
  const me = useMe();
  const [password, setPassword] = useState('');
  const approve = useApprove(policy.version, policy.contentHash);
  const alone = policy.mayApprove.at !== null && me.data?.separation === 'solo';
  const blocked = blockApprove(policy.mayApprove, now);
  const noPassword = alone && password === '' ? 'Enter your password first.' : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || noPassword !== null || approve.busy) return;
    await approve.run(alone ? password : null);
    setPassword('');
  };
  return (
    <form onSubmit={submit} className="grid gap-2.5">
      <div className="flex flex-wrap items-end gap-2.5">
        {alone && (
          <div className="basis-60">
            <Field label="Your password">
              <Input
                type="password"
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            </Field>
          </div>
        )}
        <Button type="submit" variant="primary" busy={approve.busy} disabledReason={blocked ?? noPassword}>
          Approve and publish
        </Button>
        {blocked !== null && <p className="tabular pb-1.5 text-ink-2">{blocked}</p>}
      </div>
      {approve.problem !== null && <ProblemNotice problem={approve.problem} />}
    </form>
  );
}
