'use client';

import { DetailPage } from '#components/ui/detail-page.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useCredential } from './use-credentials.ts';

/** Everything below the heading: nobody can see it before the server has answered. */
const body = arriving(() => import('./credential-body.tsx').then((file) => file.CredentialBody), 'at-once');

/** One credential: its clock, its versions, who can make the gateway use it, and what happened to it. */
export function CredentialPage({ id }: { readonly id: string }) {
  const Body = useArrived(body);
  const query = useCredential(id);
  return (
    <DetailPage
      query={query}
      title="Credential"
      skeleton={<CredentialSkeleton />}
      missing="No such credential"
      arrived={Body !== null}
      back={{ href: '/credentials', text: 'All credentials' }}
    >
      {(credential) => Body !== null && <Body credential={credential} />}
    </DetailPage>
  );
}

function CredentialSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="grid gap-4">
        <Skeleton card className="h-40" />
        <Skeleton card className="h-32" />
      </div>
      <Skeleton card className="h-64" />
    </div>
  );
}
