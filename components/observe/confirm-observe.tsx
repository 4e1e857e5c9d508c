'use client';

import { type FormEvent, useState } from 'react';
import type { ObserveWindow } from '#components/shell/observe-stage.ts';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useMe, useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import { useConfirmObserve } from './use-observe-writes.ts';

/** The second word that a window needs: another person's, or in a solo install one's own after a minute, with the password. */
export function ConfirmObserve({ window }: { readonly window: ObserveWindow }) {
  const now = useNow();
  const solo = useMe().data?.separation === 'solo';
  const roleBar = useRoleBar('admin', 'security');
  const [password, setPassword] = useState('');
  const confirm = useConfirmObserve(window.id);
  const alone = window.openedByMe && solo;
  const leftMs = window.confirmableAt === null ? 0 : Date.parse(window.confirmableAt) - now;
  const blocked =
    roleBar ??
    (window.openedByMe && !solo
      ? 'You opened it: another person of admin or security confirms.'
      : alone && (now === 0 || leftMs > 0)
        ? `You can confirm in ${formatCountdown(leftMs)}.`
        : null);
  const missing = alone && password === '' ? 'Enter your password first.' : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || missing !== null || confirm.busy) return;
    await confirm.run(alone ? password : null);
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
        <Button type="submit" variant="danger" busy={confirm.busy} disabledReason={blocked ?? missing}>
          Confirm: let calls pass
        </Button>
        {blocked !== null && <p className="tabular pb-1.5 text-ink-2">{blocked}</p>}
      </div>
      {confirm.problem !== null && <ProblemNotice problem={confirm.problem} />}
    </form>
  );
}
