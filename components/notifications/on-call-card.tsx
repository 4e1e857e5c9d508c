'use client';

import { PhoneCall } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { OnCallOrder } from '#lib/contracts/notifications.ts';
import { useOnCall } from './use-notifications.ts';

const onCallDialog = arriving(() => import('./on-call-dialog.tsx').then((file) => file.OnCallDialog), 'at-rest');
/** The group `*` stands for requests that any reviewer may decide. */
function onCallName(group: string): string {
  return group === '*' ? 'Any reviewer' : group;
}

/** Who is told first, by group, and after how long the next. */
export function OnCallCard() {
  const query = useOnCall();
  const bar = useRoleBar('admin');
  const [editing, setEditing] = useState<OnCallOrder | 'new' | null>(null);
  const OnCallDialog = useArrived(onCallDialog, editing !== null);
  const items = query.data?.items ?? [];
  return (
    <Card
      title="On call"
      aside={
        <Button size="sm" disabledReason={bar} onClick={() => setEditing('new')}>
          New order
        </Button>
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-44" />}>
        {() =>
          items.length === 0 ? (
            <EmptyState icon={<PhoneCall aria-hidden="true" />} title="Everybody is told at once">
              With an order for a group the first is told first, in quiet hours too, and the next after some minutes in
              which nobody claimed or decided.
            </EmptyState>
          ) : (
            <ul aria-label="On call">
              {items.map((order) => (
                <OrderLine key={order.group} order={order} bar={bar} onEdit={() => setEditing(order)} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {OnCallDialog !== null && (
        <OnCallDialog
          order={editing === 'new' ? null : editing}
          taken={items.map((order) => order.group)}
          open={editing !== null}
          onClose={() => setEditing(null)}
        />
      )}
    </Card>
  );
}

type LineProps = { readonly order: OnCallOrder; readonly bar: string | null; readonly onEdit: () => void };

function OrderLine({ order, bar, onEdit }: LineProps) {
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 border-b px-3.5 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-semibold">
          <SafeText text={onCallName(order.group)} />
        </p>
        <ol className="my-1 flex flex-wrap gap-x-4 gap-y-0.5 text-ink-2">
          {order.people.map((person, index) => (
            <li key={person.id} className="flex items-center gap-1.5">
              <span className="tabular text-ink-3">{index + 1}</span>
              {person.name || person.email}
              {person.id === order.first && <Badge tone="accent">now</Badge>}
            </li>
          ))}
        </ol>
        <p className="text-ink-3 text-xs">
          the next after {plural(order.nextAfterMinutes, 'minute')}
          {order.rotateEveryHours !== null && `; moves on every ${plural(order.rotateEveryHours, 'hour')}`}
          {order.rotatesAt !== null && (
            <>
              , next <When at={order.rotatesAt} />
            </>
          )}
        </p>
      </div>
      <Button size="sm" aria-label={`Edit ${onCallName(order.group)}`} disabledReason={bar} onClick={onEdit}>
        Edit…
      </Button>
    </li>
  );
}
