// Server-only. Channels as the console shows them: never a secret, and to most people not even where they lead.
import type { ChannelsList, ChannelView } from '#lib/contracts/notifications.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import type { NotificationChannel } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { entriesNeeded } from './channel-reach.ts';
import { type Channel, toChannel } from './channel-rows.ts';

export type ViewDeps = { readonly keys: Pick<Keys, 'masterKey'>; readonly consoleUrl: string };

type Counts = { readonly waiting: number; readonly dead: number };

export async function listChannels(tx: Tx, deps: ViewDeps, reader: ConfigActor): Promise<ChannelsList> {
  const rows = await tx.notificationChannel.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  return { items: await Promise.all(rows.map((row) => viewOf(tx, deps, reader, row))) };
}

/** One channel; null when it is not there. */
export async function viewChannel(
  tx: Tx,
  deps: ViewDeps,
  reader: ConfigActor,
  id: string,
): Promise<ChannelView | null> {
  const row = await tx.notificationChannel.findUnique({ where: { id } });
  return row === null ? null : viewOf(tx, deps, reader, row);
}

async function viewOf(tx: Tx, deps: ViewDeps, reader: ConfigActor, row: NotificationChannel): Promise<ChannelView> {
  const channel = toChannel(deps.keys, row);
  const sees = reader.kind === 'operator' || reader.roles.includes('admin') || reader.roles.includes('security');
  const needed = sees ? await entriesNeeded(tx, channel) : null;
  const counts = await countsOf(tx, row.id);
  const creator =
    row.createdBy === null
      ? null
      : await tx.person.findUnique({ where: { id: row.createdBy }, select: { name: true } });
  return {
    id: row.id,
    name: row.name,
    kind: channel.config.kind,
    enabled: row.enabled,
    kinds: [...channel.kinds],
    config: sees ? publicConfig(channel, deps.consoleUrl) : null,
    egress: needed?.ok ? [...needed.value] : [],
    health: {
      lastDeliveredAt: row.lastDeliveredAt?.toISOString() ?? null,
      lastErrorAt: row.lastErrorAt?.toISOString() ?? null,
      lastError: row.lastError,
      ...counts,
    },
    createdAt: row.createdAt.toISOString(),
    createdBy: creator?.name ?? null,
  };
}

function publicConfig({ config, secrets }: Channel, consoleUrl: string): NonNullable<ChannelView['config']> {
  switch (config.kind) {
    case 'web-push':
    case 'webhook':
      return config;
    case 'email':
      return { ...config, hasPassword: secrets.kind === 'email' && secrets.password !== null };
    case 'slack':
      return {
        ...config,
        hasSigningSecret: secrets.kind === 'slack' && secrets.signingSecret !== null,
        interactivityUrl: `${consoleUrl}/api/v1/notifications/slack/interactivity`,
      };
  }
}

async function countsOf(tx: Tx, channelId: string): Promise<Counts> {
  const rows = await tx.$queryRaw<Counts[]>`
    SELECT (count(*) FILTER (WHERE state IN ('waiting', 'sending')))::int AS waiting,
      (count(*) FILTER (WHERE state = 'dead'))::int AS dead
    FROM notification_deliveries WHERE channel_id = ${channelId}::uuid AND state IN ('waiting', 'sending', 'dead')`;
  return rows[0] ?? { waiting: 0, dead: 0 };
}
