'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { scopeWords } from '#components/shell/kill-words.ts';
import { Card } from '#components/ui/card.tsx';
import { SecondPersonForm } from '#components/ui/second-person-form.tsx';
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
  const alone = restore.openedByMe && solo;
  const confirm = useWrite<string | null, KillSwitch>(
    (password) =>
      api.send(
        'POST',
        `/api/v1/kill-switch/restores/${encodeURIComponent(restore.id)}/confirm`,
        password === null ? {} : { password },
        killSwitchSchema,
      ),
    [queryKeys.killSwitch, queryKeys.overview],
  );
  const blocked = blockConfirm(restore, solo, mayAct, now);
  return (
    <li className="border-b px-3.5 py-3 last:border-b-0">
      <p className="font-semibold">{scopeWords(restore.scope)}</p>
      <p className="mt-0.5 text-ink-2">
        Opened by {restore.openedByMe ? 'you' : restore.openedBy} <When at={restore.openedAt} />: “
        <SafeText text={restore.reason} />
        ”. Runs out <When at={restore.expiresAt} />.
      </p>
      <div className="mt-2.5">
        <SecondPersonForm
          commit="Confirm and restore"
          variant="primary"
          blocked={blocked}
          aloneSince={alone ? restore.openedAt : null}
          write={confirm}
        />
      </div>
    </li>
  );
}
