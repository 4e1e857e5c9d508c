'use client';

import { useAgent } from '#components/connect/use-connection.ts';
import { DetailPage } from '#components/ui/detail-page.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';

/** Everything below the heading: nobody can see it before the server has answered. */
const body = arriving(() => import('./agent-body.tsx').then((file) => file.AgentBody), 'at-once');

/** One agent: its rights, its keys, tokens and sessions, and how its client is connected. */
export function AgentPage({ name }: { readonly name: string }) {
  const Body = useArrived(body);
  const query = useAgent(name);
  return (
    <DetailPage
      query={query}
      title={name}
      skeleton={<Skeleton card className="h-72" />}
      missing="No agent of this name"
      arrived={Body !== null}
      back={{ href: '/agents', text: 'All agents' }}
    >
      {(agent) => Body !== null && <Body agent={agent} />}
    </DetailPage>
  );
}
