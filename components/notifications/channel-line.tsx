'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { When } from '#components/ui/when.tsx';
import { formatCount } from '#lib/client/format.ts';
import type { ChannelView } from '#lib/contracts/notifications.ts';
import { NOTICE_KINDS } from '#lib/core/notifications/kinds.ts';
import { CHANNEL_ICONS } from './channel-icons.ts';
import { CHANNEL_WORDS, NOTICE_WORDS } from './notice-words.ts';
import { TestResult } from './test-result.tsx';
import { useRemoveChannel, useTestChannel } from './use-notifications.ts';

const editChannelDialog = arriving(
  () => import('./edit-channel-dialog.tsx').then((file) => file.EditChannelDialog),
  'at-rest',
);
type Props = { readonly channel: ChannelView; readonly bar: string | null };

/** One channel: where it leads, how it is, and what can be done with it. */
export function ChannelLine({ channel, bar }: Props) {
  const test = useTestChannel(channel.id);
  const [open, setOpen] = useState<'edit' | 'remove' | null>(null);
  const EditChannelDialog = useArrived(editChannelDialog, open === 'edit');
  const Icon = CHANNEL_ICONS[channel.kind];
  const unlisted = channel.egress.filter((entry) => !entry.listed);
  return (
    <li className="grid gap-2 border-b px-3.5 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-1.5">
        <Icon aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-3" />
        <div className="min-w-0 flex-1 basis-56">
          <p className="flex flex-wrap items-center gap-1.5 font-semibold">
            <SafeText text={channel.name} />
            <span className="font-normal text-ink-3">{CHANNEL_WORDS[channel.kind]}</span>
            {!channel.enabled && <Badge>Off</Badge>}
            {channel.health.dead > 0 && <Badge tone="danger">{formatCount(channel.health.dead)} given up</Badge>}
          </p>
          <p className="text-ink-2 [overflow-wrap:anywhere]">
            <SafeText text={placeOf(channel)} />
          </p>
          <Health channel={channel} />
          <TestResult write={test} />
        </div>
        <div className="flex flex-wrap gap-1.5">
          <Button
            size="sm"
            busy={test.busy}
            disabledReason={bar}
            aria-label={`Test ${channel.name}`}
            onClick={() => void test.run(undefined)}
          >
            Test
          </Button>
          <Button size="sm" disabledReason={bar} aria-label={`Edit ${channel.name}`} onClick={() => setOpen('edit')}>
            Edit…
          </Button>
          <Button
            size="sm"
            variant="danger"
            disabledReason={bar}
            aria-label={`Remove ${channel.name}`}
            onClick={() => setOpen('remove')}
          >
            Remove…
          </Button>
        </div>
      </div>
      {unlisted.length > 0 && (
        <Notice tone="warning" title="It sends nothing: its destination is not on the allowlist">
          <p className="[overflow-wrap:anywhere]">
            {unlisted.map((entry) => `${entry.scheme}://${entry.host}:${entry.port}`).join(', ')}. Add it under Egress
            for notifications, or edit the channel and confirm it there.
          </p>
        </Notice>
      )}
      {EditChannelDialog !== null && (
        <EditChannelDialog channel={channel} open={open === 'edit'} onClose={() => setOpen(null)} />
      )}
      <Remove channel={channel} open={open === 'remove'} onClose={() => setOpen(null)} />
    </li>
  );
}

function Health({ channel }: { readonly channel: ChannelView }) {
  const { health, kinds } = channel;
  const told =
    kinds.length === NOTICE_KINDS.length
      ? 'everything'
      : kinds.map((kind) => NOTICE_WORDS[kind].word.toLowerCase()).join(', ');
  return (
    <>
      <p className="text-ink-3 text-xs">
        {health.lastDeliveredAt === null ? (
          'Nothing delivered yet'
        ) : (
          <>
            Last delivered <When at={health.lastDeliveredAt} />
          </>
        )}
        {health.waiting > 0 && `, ${formatCount(health.waiting)} waiting`}
        {`; told of ${told === '' ? 'nothing' : told}`}
      </p>
      {health.lastError !== null && health.lastErrorAt !== null && (
        <p className="text-medium text-xs [overflow-wrap:anywhere]">
          Last error <When at={health.lastErrorAt} />: {health.lastError}
        </p>
      )}
    </>
  );
}

function Remove({ channel, open, onClose }: { channel: ChannelView; open: boolean; onClose: () => void }) {
  const remove = useRemoveChannel(channel.id);
  const confirm = async (reason: string) => {
    const answer = await remove.run(reason);
    if (answer.ok) onClose();
  };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(now) => !now && onClose()}
      title={`Remove ${channel.name}?`}
      consequence="Its secrets go, and with them everything that still waits to be sent through it."
      confirmWord="Remove"
      tone="danger"
      reasonLabel="Why"
      busy={remove.busy}
      problem={remove.problem}
      onConfirm={(reason) => void confirm(reason)}
    />
  );
}

const TLS_WORDS = { implicit: 'TLS', starttls: 'STARTTLS', none: 'not encrypted' } as const;

/** Where it leads, as far as that is no secret. */
function placeOf({ config }: ChannelView): string {
  if (config === null) return 'where it leads is for admin and security';
  switch (config.kind) {
    case 'web-push':
      return `to the browsers that people turned on; contact ${config.contact.replace(/^mailto:/, '')}`;
    case 'email':
      return `${config.from} through ${config.host}:${config.port} (${TLS_WORDS[config.tls]})`;
    case 'slack':
      return config.via === 'bot' ? `${config.channel ?? ''} as a bot` : `an incoming webhook at ${config.origin}`;
    case 'webhook':
      return `signed requests to ${config.origin}`;
  }
}
