'use client';

import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRollout } from '#lib/client/lists/use-rollout.ts';

/** Nobody can see the weeks before the server has answered. */
const body = arriving(() => import('./rollout-body.tsx').then((file) => file.RolloutBody), 'at-once');

/** Four weeks from the first server to everything enforced and rehearsed; every step ticked by what was seen. */
export function RolloutPage() {
  const Body = useArrived(body);
  const query = useRollout();
  return (
    <Page
      title="Rollout"
      intro="Four weeks from an inventory to everything enforced and rehearsed. Nobody ticks a step: the running system does, and takes the tick back when it is no longer so. The weeks suggest an order; nothing is locked by them."
    >
      <Loaded query={query} skeleton={<RolloutSkeleton />} arrived={Body !== null}>
        {(data) => Body !== null && <Body data={data} />}
      </Loaded>
    </Page>
  );
}

function RolloutSkeleton() {
  return (
    <div className="grid gap-4">
      <Skeleton card className="h-[5.25rem]" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton card className="h-96" />
        <Skeleton card className="h-96" />
      </div>
    </div>
  );
}
