// Server-only. Channels as they lie in the database.
import { z } from 'zod';
import { noticeKindSchema } from '#lib/contracts/notice-shapes.ts';
import type { NoticeKind } from '#lib/core/notifications/kinds.ts';
import type { Tx } from '../db/tx.ts';
import type { NotificationChannel } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { type ChannelSecrets, openChannelSecrets } from './channel-secrets.ts';

/** The public parts, as they are stored. */
export const storedConfigSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('web-push'), contact: z.string(), publicKey: z.string() }),
  z.object({
    kind: z.literal('email'),
    host: z.string(),
    port: z.number(),
    tls: z.enum(['implicit', 'starttls', 'none']),
    username: z.string().nullable(),
    from: z.string(),
    perPersonPerHour: z.number(),
  }),
  z.object({
    kind: z.literal('slack'),
    via: z.enum(['webhook', 'bot']),
    origin: z.string(),
    channel: z.string().nullable(),
  }),
  z.object({ kind: z.literal('webhook'), origin: z.string() }),
]);
export type StoredConfig = z.infer<typeof storedConfigSchema>;

export type Channel = {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly kinds: readonly NoticeKind[];
  readonly config: StoredConfig;
  readonly secrets: ChannelSecrets;
};

/** A row with its secrets opened. Throws when they do not open: a channel with half of itself sends nothing. */
export function toChannel(keys: Pick<Keys, 'masterKey'>, row: NotificationChannel): Channel {
  if (row.sealed === null) throw new Error('a notification channel has no secrets');
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    kinds: z.array(noticeKindSchema).parse(row.kinds),
    config: storedConfigSchema.parse(row.config),
    secrets: openChannelSecrets(keys, row.id, row.sealed),
  };
}

/** Locks a channel for a change of it; null when it is not there. */
export async function lockChannel(tx: Tx, keys: Pick<Keys, 'masterKey'>, id: string): Promise<Channel | null> {
  await tx.$queryRaw`SELECT 1 FROM notification_channels WHERE id = ${id}::uuid FOR UPDATE`;
  const row = await tx.notificationChannel.findUnique({ where: { id } });
  return row === null ? null : toChannel(keys, row);
}
