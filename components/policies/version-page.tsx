'use client';

import { DetailPage } from '#components/ui/detail-page.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { usePolicy } from '#lib/client/use-policies.ts';

/** Everything below the heading: nobody can see it before the server has answered. */
const body = arriving(() => import('./version-body.tsx').then((file) => file.VersionBody), 'at-once');

/** One version: what is in it, what it changes, and what can be done with it. */
export function VersionPage({ version }: { readonly version: number }) {
  const Body = useArrived(body);
  return (
    <DetailPage
      query={usePolicy(version)}
      title={`Version ${version}`}
      skeleton={<Skeleton card className="h-96" />}
      missing="No such version"
      arrived={Body !== null}
      back={{ href: '/policies', text: 'All versions' }}
    >
      {(policy) => Body !== null && <Body policy={policy} />}
    </DetailPage>
  );
}
