// Server-only. From a notice to rows of the outbox: one for each person and channel, and one for each room or machine.
import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import { noticeKindSchema } from '#lib/contracts/notice-shapes.ts';
import { isPersonalChannel, type NoticeKind, type PersonalChannel } from '#lib/core/notifications/kinds.ts';
import type { Notice } from '#lib/core/notifications/notice.ts';
import { channelsFor, DEFAULT_PREFERENCES } from '#lib/core/notifications/preferences.ts';
import type { Tx } from '../db/tx.ts';
import { storedConfigSchema } from './channel-rows.ts';
import { preferencesOf } from './preferences.ts';

export type Recipient = { readonly id: string; readonly onCall: boolean };

export type Outlet = {
  readonly id: string;
  readonly kind: 'web-push' | 'email' | 'slack' | 'webhook';
  readonly kinds: readonly NoticeKind[];
};

/** The channels that are on. */
export async function readOutlets(tx: Tx): Promise<readonly Outlet[]> {
  const rows = await tx.notificationChannel.findMany({ where: { enabled: true } });
  return rows.map((row) => ({
    id: row.id,
    kind: storedConfigSchema.parse(row.config).kind,
    kinds: z.array(noticeKindSchema).parse(row.kinds),
  }));
}

/**
 * Writes what is to be delivered, in the caller's transaction. Whoever has a row for this notice already gets no second one,
 * so that reading an event twice tells nobody twice. Rooms and machines are told once, whoever the people are.
 */
export async function enqueue(
  tx: Tx,
  notice: Notice,
  recipients: readonly Recipient[],
  outlets: readonly Outlet[],
): Promise<void> {
  const open = outlets.filter((outlet) => outlet.kinds.includes(notice.kind));
  if (open.length === 0) return;
  const rooms = open.filter((outlet) => !isPersonalChannel(outlet.kind));
  const personal = open.filter((outlet) => isPersonalChannel(outlet.kind));
  const targets = [
    ...rooms.map((outlet) => ({ channelId: outlet.id, personId: null, onCall: false })),
    ...(personal.length === 0 ? [] : await personalTargets(tx, notice, recipients, personal)),
  ];
  if (targets.length === 0) return;
  const { key, kind, tier, title, facts, path, type, requestId } = notice;
  await tx.notificationDelivery.createMany({
    data: targets.map((target) => ({
      id: randomUUIDv7(),
      noticeKey: key,
      ...target,
      kind,
      tier,
      title,
      facts,
      path,
      type,
      requestId,
    })),
    skipDuplicates: true,
  });
}

async function personalTargets(
  tx: Tx,
  notice: Notice,
  recipients: readonly Recipient[],
  outlets: readonly Outlet[],
): Promise<{ channelId: string; personId: string; onCall: boolean }[]> {
  const ids = recipients.map((one) => one.id);
  const chosen = await preferencesOf(tx, ids);
  const subscribed = await tx.pushSubscription.findMany({
    where: { personId: { in: ids } },
    select: { personId: true },
    distinct: ['personId'],
  });
  const withBrowser = new Set(subscribed.map((one) => one.personId));
  return recipients.flatMap(({ id, onCall }) => {
    const available = outlets.flatMap((outlet): PersonalChannel[] => {
      if (outlet.kind === 'email') return ['email'];
      return outlet.kind === 'web-push' && withBrowser.has(id) ? ['web-push'] : [];
    });
    const wanted = channelsFor(chosen.get(id) ?? DEFAULT_PREFERENCES, { kind: notice.kind, onCall, available });
    return outlets.flatMap((outlet) =>
      wanted.some((channel) => channel === outlet.kind) ? [{ channelId: outlet.id, personId: id, onCall }] : [],
    );
  });
}
