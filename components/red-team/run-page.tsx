'use client';

import { DetailPage } from '#components/ui/detail-page.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRun } from './use-red-team.ts';

const body = arriving(() => import('./run-body.tsx').then((file) => file.RunBody), 'at-once');

/** One run: what came of each scenario. */
export function RunPage({ id }: { readonly id: string }) {
  const Body = useArrived(body);
  const query = useRun(id);
  return (
    <DetailPage
      query={query}
      title="Red-team run"
      skeleton={<Skeleton card className="h-96" />}
      missing="No run of this id"
      arrived={Body !== null}
      back={{ href: '/red-team', text: 'The red team' }}
    >
      {(data) => Body !== null && <Body data={data} />}
    </DetailPage>
  );
}
