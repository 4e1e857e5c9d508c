'use client';

import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRetention } from './use-settings-parts.ts';

const body = arriving(() => import('./retention-body.tsx').then((file) => file.RetentionBody), 'at-once');

/** How long arguments and results are kept, and the change that waits. */
export function RetentionPage() {
  const Body = useArrived(body);
  const query = useRetention();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-56" />} arrived={Body !== null}>
      {(retention) => Body !== null && <Body retention={retention} />}
    </Loaded>
  );
}
