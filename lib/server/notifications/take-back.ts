// Server-only. Messages whose worker is gone, and what the log is told of those that are given up.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { type EventKeys, recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';

type GivenUp = {
  readonly id: string;
  readonly channel: string;
  readonly kind: string;
  readonly requestId: string | null;
  readonly why: string | null;
};

/** Messages of a worker that is gone wait again, at once and as the same message; after the last try they are given up. */
export async function takeBack(prisma: Database, keys: EventKeys): Promise<void> {
  await withTx(prisma, async (tx) => {
    const rows = await tx.$queryRaw<(GivenUp & { readonly state: string })[]>`
      UPDATE notification_deliveries d SET lease_id = NULL, lease_until = NULL, due_at = clock_timestamp(),
        state = CASE WHEN tries_left > 0 THEN 'waiting' ELSE 'dead' END,
        why = 'The worker that sent it broke off.'
      FROM notification_channels c
      WHERE c.id = d.channel_id AND d.state = 'sending' AND d.lease_until <= clock_timestamp()
      RETURNING d.id::text, c.name AS channel, d.kind, d.request_id::text AS "requestId", d.state, d.why`;
    for (const row of rows) if (row.state === 'dead') await recordGivenUp(tx, keys, row);
  });
}

/** Somebody was not told, and will not be by itself. */
export async function recordGivenUp(tx: Tx, keys: EventKeys, message: GivenUp): Promise<void> {
  const { id, channel, kind, requestId, why } = message;
  await recordEvent(tx, keys, {
    type: 'notification.given-up',
    actor: auditActor('system'),
    ...(requestId === null ? {} : { requestId }),
    detail: { delivery: id, channel, kind, why },
  });
}
