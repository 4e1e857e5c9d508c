'use client';

import { type FormEvent, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { scopeWords } from '#components/shell/kill-state.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { api } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { formatCountdown } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type KillSwitch, killSwitchSchema } from '#lib/contracts/kill-switch.ts';

type Restore = KillSwitch['restores'][number];

/** Restores that one person opened and a second one has to confirm. */
export function RestoreList({ state, mayAct }: { readonly state: KillSwitch; readonly mayAct: boolean }) {
  return (
    <Card title="Waiting to be restored" flush>
      <ul>
        {state.restores.map((restore) => (
          <RestoreItem key={restore.id} restore={restore} solo={state.separation === 'solo'} mayAct={mayAct} />
        ))}
      </ul>
    </Card>
  );
}

/** Why this person cannot confirm now; null = they can. */
function blockConfirm(restore: Restore, solo: boolean, mayAct: boolean, now: number): string | null {
  if (!mayAct) return 'Confirming needs the role security or admin.';
  if (Date.parse(restore.expiresAt) <= now) return 'This restore ran out. Open a new one.';
  if (!restore.openedByMe) return null;
  if (!solo || restore.confirmableAt === null) return 'You opened it: another person of security or admin confirms.';
  const left = Date.parse(restore.confirmableAt) - now;
  return now === 0 || left > 0 ? `You can confirm in ${formatCountdown(left)}.` : null;
}

function RestoreItem({
  restore,
  solo,
  mayAct,
}: {
  readonly restore: Restore;
  readonly solo: boolean;
  readonly mayAct: boolean;
}) {
  const now = useNow();
  const [password, setPassword] = useState('');
  const alone = restore.openedByMe && solo;
  const confirm = useWrite<void, KillSwitch>(
    () =>
      api.send(
        'POST',
        `/api/v1/kill-switch/restores/${encodeURIComponent(restore.id)}/confirm`,
        alone ? { password } : {},
        killSwitchSchema,
      ),
    [queryKeys.killSwitch, queryKeys.overview],
  );
  const blocked = blockConfirm(restore, solo, mayAct, now);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || confirm.busy) return;
    await confirm.run();
    setPassword('');
  };
  const noPassword = alone && password === '' ? 'Enter your password first.' : null;
  return (
    <li className="border-b px-3.5 py-3 last:border-b-0">
      <p className="font-semibold">{scopeWords(restore.scope)}</p>
      <p className="mt-0.5 text-ink-2">
        Opened by {restore.openedByMe ? 'you' : restore.openedBy} <When at={restore.openedAt} />: “
        <SafeText text={restore.reason} />
        ”. Runs out <When at={restore.expiresAt} />.
      </p>
      <form onSubmit={submit} className="mt-2.5 flex flex-wrap items-end gap-2.5">
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
        <Button type="submit" variant="primary" busy={confirm.busy} disabledReason={blocked ?? noPassword}>
          Confirm and restore
        </Button>
        {blocked !== null && <p className="pb-1.5 text-ink-2 tabular">{blocked}</p>}
      </form>
      {confirm.problem !== null && <ProblemNotice className="mt-3" problem={confirm.problem} />}
    </li>
  );
}
