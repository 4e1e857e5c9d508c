'use client';

import { DetailPage } from '#components/ui/detail-page.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useServer } from './use-servers.ts';

/** Everything below the heading: nobody can see it before the server has answered. */
const body = arriving(() => import('./server-body.tsx').then((file) => file.ServerBody), 'at-once');

/** One server: what it is, who may use it, and every tool with its tag and the definition that was accepted. */
export function ServerPage({ name }: { readonly name: string }) {
  const Body = useArrived(body);
  const query = useServer(name);
  return (
    <DetailPage
      query={query}
      title={name}
      skeleton={<ServerSkeleton />}
      missing="No server of this name"
      arrived={Body !== null}
      back={{ href: '/servers', text: 'All servers' }}
    >
      {(server) => Body !== null && <Body server={server} />}
    </DetailPage>
  );
}

function ServerSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <Skeleton card className="h-80" />
      <Skeleton card className="h-48" />
    </div>
  );
}
