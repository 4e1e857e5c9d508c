'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { problemOf } from '#lib/client/api.ts';
import { type DeliveryFilter, useDeliveries } from './use-notifications.ts';

const deliveryLine = arriving(() => import('./delivery-line.tsx').then((file) => file.DeliveryLine), 'at-once');

const FILTERS = [
  { value: 'all', text: 'All' },
  { value: 'waiting', text: 'Waiting' },
  { value: 'dead', text: 'Given up' },
] as const;

const NOTHING: Readonly<Record<DeliveryFilter, string>> = {
  all: 'Nothing was sent yet. The first request that waits, or a test, shows here.',
  waiting: 'Nothing waits.',
  dead: 'Nothing was given up.',
};

/** What was sent, what waits and what was given up, with the way to try that again. */
export function DeliveriesCard() {
  const DeliveryLine = useArrived(deliveryLine);
  const [filter, setFilter] = useState<DeliveryFilter>('all');
  const query = useDeliveries(filter);
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card
      title="Deliveries"
      aside={<Segmented label="Which deliveries" value={filter} options={FILTERS} onChange={setFilter} />}
      flush
    >
      {query.isError && (query.data === undefined || problemOf(query.error).code !== 'unreachable') && (
        <ProblemNotice className="m-3.5" problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
      )}
      {query.data === undefined || DeliveryLine === null ? (
        (query.data !== undefined || !query.isError) && (
          <div aria-busy="true" className="p-3.5">
            <Skeleton className="h-24" />
          </div>
        )
      ) : items.length === 0 ? (
        <p className="px-3.5 py-5 text-center text-ink-2">{NOTHING[filter]}</p>
      ) : (
        <ul aria-label="Deliveries">
          {items.map((item) => (
            <DeliveryLine key={item.id} item={item} />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className="border-t px-3.5 py-2.5">
          <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
    </Card>
  );
}
