'use client';

import { useConfirmObserve } from '#components/observe-form/use-observe-writes.ts';
import type { ObserveWindow } from '#components/shell/observe-stage.ts';
import { SecondPersonForm } from '#components/ui/second-person-form.tsx';
import { formatCountdown } from '#lib/client/time.ts';
import { useMe, useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';

/** The second word that a window needs. */
export function ConfirmObserve({ window }: { readonly window: ObserveWindow }) {
  const now = useNow();
  const solo = useMe().data?.separation === 'solo';
  const roleBar = useRoleBar('admin', 'security');
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
  return (
    <SecondPersonForm
      commit="Confirm: let calls pass"
      variant="danger"
      blocked={blocked}
      aloneSince={alone ? window.openedAt : null}
      write={confirm}
    />
  );
}
