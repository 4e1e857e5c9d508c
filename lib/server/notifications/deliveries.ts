// Server-only. The outbox as admin and security see it: what was sent, what waits, what was given up.
import {
  type DeliveriesPage,
  type DeliveriesQuery,
  type Delivery,
  deliverySchema,
} from '#lib/contracts/notifications.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { MOST_TRIES } from '#lib/core/notifications/backoff.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Newest first. */
export async function listDeliveries(database: Database, query: DeliveriesQuery): Promise<DeliveriesPage> {
  const conditions = [Prisma.sql`true`];
  if (query.state !== undefined) conditions.push(Prisma.sql`d.state = ${query.state}`);
  if (query.channel !== undefined) conditions.push(Prisma.sql`d.channel_id = ${query.channel}::uuid`);
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  if (after !== null) {
    conditions.push(Prisma.sql`(d.created_at, d.id) < (${after.at}::timestamptz, ${after.id}::uuid)`);
  }
  const rows = await select(database, Prisma.join(conditions, ' AND '), query.limit + 1);
  const items = rows.slice(0, query.limit).map(viewOf);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > query.limit && last !== undefined ? `${last.createdAt}~${last.id}` : null,
    serverTime: (await databaseNow(database)).toISOString(),
  };
}

/** One delivery; null when it is not there. */
async function viewDelivery(tx: Tx, id: string): Promise<Delivery | null> {
  const [row] = await select(tx, Prisma.sql`d.id = ${id}::uuid`, 1);
  return row === undefined ? null : viewOf(row);
}

/**
 * Tries again what was given up, as the same message with the same id. Admin and security may. Refuses what was not given up:
 * what waits is on its way, and what was delivered would come twice.
 */
export function resendDelivery(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
): Promise<Result<Delivery, ConfigRefusal>> {
  return writeConfig<Delivery, ConfigRefusal>(
    deps,
    actor,
    async (write) => {
      const rows = await write.tx.$queryRaw<{ name: string }[]>`
        UPDATE notification_deliveries d SET state = 'waiting', due_at = clock_timestamp(), tries_left = ${MOST_TRIES},
          why = 'Sent again by hand.'
        FROM notification_channels c WHERE d.id = ${id}::uuid AND d.state = 'dead' AND c.id = d.channel_id
        RETURNING c.name`;
      const [row] = rows;
      const view = await viewDelivery(write.tx, id);
      if (view === null) return refuse('not-found');
      if (row === undefined) return refuse('conflict', 'Only what was given up is sent again.');
      await recordEvent(write.tx, write.keys, {
        type: 'notification.resent',
        actor: auditActor(actor),
        ...(view.requestId === null ? {} : { requestId: view.requestId }),
        detail: { delivery: id, channel: row.name },
      });
      return ok(view);
    },
    (who) => who.kind === 'operator' || who.roles.includes('admin') || who.roles.includes('security'),
  );
}

type Row = {
  id: string;
  channel_id: string;
  channel: string;
  channel_kind: string;
  kind: string;
  tier: string | null;
  title: string;
  recipient: string | null;
  request_id: string | null;
  state: string;
  attempts: number;
  created_at: Date;
  due_at: Date;
  last_attempt_at: Date | null;
  delivered_at: Date | null;
  why: string | null;
};

function select(tx: Tx, where: Prisma.Sql, limit: number): Promise<Row[]> {
  return tx.$queryRaw<Row[]>`
    SELECT d.id::text, d.channel_id::text, c.name AS channel, c.kind AS channel_kind, d.kind, d.tier, d.title,
      p.email AS recipient, d.request_id::text, d.state, d.attempts, d.created_at, d.due_at, d.last_attempt_at,
      d.delivered_at, d.why
    FROM notification_deliveries d JOIN notification_channels c ON c.id = d.channel_id
      LEFT JOIN people p ON p.id = d.person_id
    WHERE ${where} ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`;
}

function viewOf(row: Row): Delivery {
  return deliverySchema.parse({
    id: row.id,
    channelId: row.channel_id,
    channel: row.channel,
    channelKind: row.channel_kind,
    kind: row.kind,
    tier: row.tier,
    title: row.title,
    recipient: row.recipient,
    requestId: row.request_id,
    state: row.state,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    dueAt: row.due_at.toISOString(),
    lastAttemptAt: row.last_attempt_at?.toISOString() ?? null,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    why: row.why,
  });
}

const isTime = (text: string) => {
  const ms = Date.parse(text);
  return ms > 0 && new Date(ms).toISOString() === text;
};

/** What cannot be read begins at the start. */
function readCursor(cursor: string): { readonly at: string; readonly id: string } | null {
  const read = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)~([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})$/.exec(cursor);
  const [, at, id] = read ?? [];
  if (at === undefined || id === undefined) return null;
  // Digits in the right places are no time yet, and the database throws at one that is none.
  return isTime(at) ? { at, id } : null;
}
