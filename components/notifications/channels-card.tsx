'use client';

import { Megaphone } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useChannels } from './use-notifications.ts';

const channelLine = arriving(() => import('./channel-line.tsx').then((file) => file.ChannelLine), 'at-once');

const newChannelDialog = arriving(
  () => import('./new-channel-dialog.tsx').then((file) => file.NewChannelDialog),
  'at-rest',
);
/** How people are told: every channel with its health. Who may change them is up to the server; here it is said. */
export function ChannelsCard() {
  const ChannelLine = useArrived(channelLine);
  const query = useChannels();
  const bar = useRoleBar('admin');
  const [adding, setAdding] = useState(false);
  const NewChannelDialog = useArrived(newChannelDialog, adding);
  return (
    <Card
      title="Channels"
      aside={
        query.data !== undefined &&
        query.data.items.length > 0 && (
          <Button size="sm" disabledReason={bar} onClick={() => setAdding(true)}>
            Add a channel
          </Button>
        )
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-56" />} arrived={ChannelLine !== null}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState
              icon={<Megaphone aria-hidden="true" />}
              title="Nobody is told yet"
              action={
                <Button variant="primary" disabledReason={bar} onClick={() => setAdding(true)}>
                  Add a channel
                </Button>
              }
            >
              Add web push or e-mail for people, Slack for a room, a signed webhook for a machine. None carries
              arguments, and none decides.
            </EmptyState>
          ) : (
            <ul aria-label="Channels">
              {items.map(
                (channel) => ChannelLine !== null && <ChannelLine key={channel.id} channel={channel} bar={bar} />,
              )}
            </ul>
          )
        }
      </Loaded>
      {NewChannelDialog !== null && (
        <NewChannelDialog
          taken={query.data?.items.map((channel) => channel.kind) ?? []}
          open={adding}
          onOpenChange={setAdding}
        />
      )}
    </Card>
  );
}
