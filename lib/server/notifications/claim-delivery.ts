// Server-only. Takes one message of one target: what is of no use is dropped, what may not go yet is put off, what is left
// is leased to this worker.
import { randomUUIDv7 } from 'node:crypto';
import { z } from 'zod';
import { noticeKindSchema } from '#lib/contracts/notice-shapes.ts';
import { tierSchema } from '#lib/contracts/shared-shapes.ts';
import { collapsedTitle, rolesTold } from '#lib/core/notifications/notice.ts';
import { DEFAULT_PREFERENCES, heldUntil } from '#lib/core/notifications/preferences.ts';
import { CHAT_CAP, PUSH_CAP, planSend, type RateCap } from '#lib/core/notifications/rate-cap.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { type Channel, toChannel } from './channel-rows.ts';
import { type DueRow, dropRows, putOff, readDue } from './due-rows.ts';
import type { Message } from './message.ts';
import { preferencesOf } from './preferences.ts';

/** A channel, and the person on it; null: a room or a machine. */
export type Target = { readonly channelId: string; readonly personId: string | null };

export type Claimed = {
  readonly leaseId: string;
  readonly channel: Channel;
  readonly personId: string | null;
  /** The person's mailbox. */
  readonly email: string | null;
  readonly message: Message;
  readonly sentTo: readonly string[];
  readonly triesLeft: number;
};

type Deps = { readonly keys: Pick<Keys, 'masterKey'>; readonly consoleUrl: string; readonly leaseMs: number };

const factsSchema = z.object({
  actionClass: z.string().nullable(),
  server: z.string().nullable(),
  others: z.number().int().default(0),
});
const HOUR_MS = 3_600_000;

/**
 * Claims what goes to a target now; null when nothing does. Workers that look at the same target at once take turns by a
 * lock on it, because a cap is about all of its messages. The try is counted before it is made: a message at which the
 * worker dies each time comes to its end as well.
 */
export async function claimDelivery(tx: Tx, deps: Deps, target: Target): Promise<Claimed | null> {
  if (!(await isMine(tx, target))) return null;
  const row = await tx.notificationChannel.findUnique({ where: { id: target.channelId, enabled: true } });
  if (row === null) return null;
  const channel = toChannel(deps.keys, row);
  const now = await databaseNow(tx);
  const due = await readDue(tx, target);
  const useful = await keepUseful(tx, channel, due);
  const awake = await keepAwake(tx, target, useful, now);
  if (awake.length === 0) return null;
  const leader = await lead(tx, { channel, target, now }, awake);
  return leader === null ? null : lease(tx, deps, { channel, target, now }, leader);
}

type At = { readonly channel: Channel; readonly target: Target; readonly now: Date };
type Leader = { readonly row: DueRow; readonly others: number };

async function isMine(tx: Tx, { channelId, personId }: Target): Promise<boolean> {
  const rows = await tx.$queryRaw<{ mine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`${channelId}/${personId ?? ''}`}, 51)) AS mine`;
  return rows[0]?.mine === true;
}

/** A machine keeps a record and is told of everything; people are not called to what is decided, or not theirs any more. */
async function keepUseful(tx: Tx, channel: Channel, due: readonly DueRow[]): Promise<readonly DueRow[]> {
  if (channel.config.kind === 'webhook') return due;
  const over = due.filter((row) => row.requestId !== null && !row.isOpen);
  const notTheirs = due.filter((row) => !over.includes(row) && !(row.isTheirs && isForTheirRole(row)));
  await dropRows(tx, over, 'It was decided or over by then.');
  await dropRows(tx, notTheirs, 'It is not this person’s to hear of any more.');
  return due.filter((row) => !over.includes(row) && !notTheirs.includes(row));
}

/** Between the outbox and the sending lie quiet hours, and with them whole nights in which somebody lost a role. */
function isForTheirRole({ type, roles }: DueRow): boolean {
  const told = rolesTold(type);
  return told === null || roles === null || told.some((role) => roles.includes(role));
}

async function keepAwake(tx: Tx, target: Target, rows: readonly DueRow[], now: Date): Promise<readonly DueRow[]> {
  const { personId } = target;
  if (personId === null || rows.length === 0) return rows;
  const preferences = (await preferencesOf(tx, [personId])).get(personId) ?? DEFAULT_PREFERENCES;
  const awake: DueRow[] = [];
  for (const row of rows) {
    const told = { kind: noticeKindSchema.parse(row.kind), tier: tierOf(row), onCall: row.onCall };
    const untilMs = heldUntil(preferences, told, now.getTime());
    if (untilMs === null) awake.push(row);
    else await putOff(tx, [row], new Date(untilMs), 'Quiet hours.');
  }
  return awake;
}

/** The one that goes now, by the cap; those that it stands for are marked, those that must wait are put off. */
async function lead(tx: Tx, { channel, target, now }: At, rows: readonly DueRow[]): Promise<Leader | null> {
  const cap = capOf(channel);
  const [first] = rows;
  if (cap === null) return first === undefined ? null : { row: first, others: 0 };
  const sent = await tx.$queryRaw<{ at: Date }[]>`
    SELECT last_attempt_at AS at FROM notification_deliveries
    WHERE channel_id = ${target.channelId}::uuid AND person_id IS NOT DISTINCT FROM ${target.personId}::uuid
      AND last_attempt_at > ${new Date(now.getTime() - cap.perMs)}`;
  const waiting = rows.map((row) => ({ id: row.id, tier: tierOf(row), createdAtMs: row.createdAt.getTime() }));
  const plan = planSend(
    waiting,
    sent.map((one) => one.at.getTime()),
    cap,
    now.getTime(),
  );
  if (plan === null) return null;
  if (plan.kind === 'hold') {
    await putOff(tx, rows, new Date(plan.untilMs), 'Held back: too many in a short time.');
    return null;
  }
  const row = rows.find((one) => one.id === plan.leader);
  if (row === undefined) throw new Error('the plan leads with a message that does not wait');
  await collapse(tx, row.id, plan.collapsed);
  return { row, others: plan.collapsed.length };
}

async function collapse(tx: Tx, leader: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.$executeRaw`
    UPDATE notification_deliveries SET state = 'collapsed', collapsed_into = ${leader}::uuid,
      why = 'Told together with another one.' WHERE id = ANY(${[...ids]}::uuid[]) AND state = 'waiting'`;
  // What stood for others stands for them no more; the new leader tells of all.
  await tx.$executeRaw`
    UPDATE notification_deliveries SET collapsed_into = ${leader}::uuid WHERE collapsed_into = ANY(${[...ids]}::uuid[])`;
}

async function lease(tx: Tx, deps: Deps, { channel, target, now }: At, leader: Leader): Promise<Claimed> {
  const { row } = leader;
  const leaseId = randomUUIDv7();
  const counted = await tx.$queryRaw<{ others: number; tries_left: number; facts: unknown }[]>`
    UPDATE notification_deliveries d SET state = 'sending', lease_id = ${leaseId}::uuid,
      lease_until = ${new Date(now.getTime() + deps.leaseMs)}, attempts = attempts + 1, tries_left = tries_left - 1,
      last_attempt_at = ${now}, why = NULL,
      facts = d.facts || jsonb_build_object('others',
        (SELECT count(*) FROM notification_deliveries o WHERE o.collapsed_into = d.id))
    WHERE id = ${row.id}::uuid AND state = 'waiting' RETURNING tries_left, facts`;
  const [after] = counted;
  if (after === undefined) throw new Error('a message was taken under its lock');
  const { others, ...facts } = factsSchema.parse(after.facts);
  const path = others > 0 && row.requestId !== null ? '/approvals' : row.path;
  return {
    leaseId,
    channel,
    personId: target.personId,
    email: row.email,
    sentTo: row.sentTo,
    triesLeft: after.tries_left,
    message: {
      id: row.id,
      type: row.type,
      kind: row.kind,
      tier: tierOf(row),
      title: collapsedTitle(row.title, others),
      facts,
      requestId: row.requestId,
      url: `${deps.consoleUrl}${path}`,
      createdAt: row.createdAt,
      uselessAfter: row.expiresAt,
    },
  };
}

/** Of a machine every event is wanted, each by itself. */
function capOf(channel: Channel): RateCap | null {
  switch (channel.config.kind) {
    case 'web-push':
      return PUSH_CAP;
    case 'email':
      return { most: channel.config.perPersonPerHour, perMs: HOUR_MS };
    case 'slack':
      return CHAT_CAP;
    case 'webhook':
      return null;
  }
}

const tierOf = (row: DueRow) => tierSchema.nullable().parse(row.tier);
