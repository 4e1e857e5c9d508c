'use client';

import { useEffect } from 'react';
import { usePendingCount } from '#components/shell/pending.ts';

/** Shows on the installed app's icon how many requests wait. Browsers without icons know no badge. */
export function AppBadge() {
  const pending = usePendingCount();
  useEffect(() => {
    if (pending === null || !('setAppBadge' in navigator)) return;
    const count = Number.parseInt(pending, 10);
    const done = count === 0 ? navigator.clearAppBadge() : navigator.setAppBadge(count);
    done.catch(() => undefined);
  }, [pending]);
  return null;
}
