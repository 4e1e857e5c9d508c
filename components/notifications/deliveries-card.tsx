'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { problemOf } from '#lib/client/api.ts';
import { plural } from '#lib/client/format.ts';
import type { Delivery } from '#lib/contracts/notifications.ts';
import { DELIVERY_WORDS } from './notice-words.ts';
import { type DeliveryFilter, useDeliveries, useResend } from './use-notifications.ts';

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
      {query.data === undefined ? (
        !query.isError && (
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

const TONES: Readonly<Record<Delivery['state'], BadgeTone>> = {
  waiting: 'accent',
  sending: 'accent',
  delivered: 'good',
  collapsed: 'plain',
  dropped: 'plain',
  dead: 'danger',
};

function DeliveryLine({ item }: { readonly item: Delivery }) {
  const resend = useResend();
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b px-3.5 py-2 last:border-b-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="flex flex-wrap items-center gap-1.5">
          <Badge tone={TONES[item.state]}>{DELIVERY_WORDS[item.state]}</Badge>
          <SafeText text={item.title} className="font-medium" />
        </p>
        <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">
          {item.recipient === null ? '' : `to ${item.recipient} `}through <SafeText text={item.channel} />,{' '}
          <When at={item.createdAt} />
          {item.attempts > 0 && `, ${plural(item.attempts, 'attempt')}`}
          {item.state === 'waiting' && (
            <>
              , due <When at={item.dueAt} />
            </>
          )}
        </p>
        {item.why !== null && (
          <p className={item.state === 'dead' ? 'text-high text-xs' : 'text-ink-2 text-xs'}>{item.why}</p>
        )}
        {resend.problem !== null && <ProblemNotice className="mt-1.5" problem={resend.problem} />}
      </div>
      {item.state === 'dead' && (
        <Button
          size="sm"
          busy={resend.busy}
          aria-label={`Send again: ${item.title}`}
          onClick={() => void resend.run(item.id)}
        >
          Send again
        </Button>
      )}
    </li>
  );
}
