// Server-only. What the worker does so that people hear of what happens: it reads the log, watches the clock, and goes
// down the on-call lists.
import { type Asked, askedAtFirst, askedByStep } from '#lib/core/notifications/asked-groups.ts';
import { expiryNotice, type Notice, noticeOf } from '#lib/core/notifications/notice.ts';
import { toldByNow } from '#lib/core/notifications/on-call.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import { enqueue, type Outlet, type Recipient, readOutlets } from './enqueue.ts';
import { keepPlace, readLog } from './log-events.ts';
import { ordersOf } from './on-call-orders.ts';
import { decidersOf, holdersOf, readOpenRequest } from './recipients.ts';

/** Readings a run: behind a burst the worker catches up without holding one transaction open. */
const MOST_READINGS = 40;
const MOST_EXPIRING = 100;

/**
 * Tells of what the log has taken in since the last time. The rows of the outbox and the place in the log are written in one
 * transaction: a worker that is killed tells neither nothing nor twice. Answers how many events there were.
 */
export async function tellOfEvents(database: Database): Promise<number> {
  let told = 0;
  for (let reading = 0; reading < MOST_READINGS; reading++) {
    const events = await withTx(database, async (tx) => {
      const read = await readLog(tx);
      if (read === null) return null;
      const outlets = await readOutlets(tx);
      for (const event of read.events) {
        const notice = noticeOf(event);
        if (notice !== null && outlets.length > 0) await tell(tx, notice, outlets);
      }
      await keepPlace(tx, read.nextSeq);
      return read.events.length;
    });
    if (events === null) break;
    told += events;
  }
  return told;
}

/** Requests that were looked at, and when each ends: of some there is nobody to tell, and they must not fill every look. */
type Looked = Map<string, number>;

/**
 * Tells of requests that end soon: in the last fifth of their time, and never earlier than two minutes before. `looked` is the
 * caller's to keep between runs.
 */
export async function tellOfExpiry(database: Database, looked: Looked = new Map()): Promise<void> {
  const nowMs = Date.now();
  for (const [id, endsMs] of looked) if (endsMs < nowMs) looked.delete(id);
  const outlets = await readOutlets(database);
  if (!outlets.some((outlet) => outlet.kinds.includes('expiry'))) return;
  const rows = await database.$queryRaw<
    { id: string; ends: Date; tier: Tier; action_class: string; server_name: string }[]
  >`
    SELECT r.id::text, r.expires_at AS ends, r.tier::text AS tier, r.action_class, r.server_name FROM approval_requests r
    WHERE r.status = 'pending' AND r.expires_at > clock_timestamp()
      AND r.expires_at - clock_timestamp() <= least(interval '2 minutes', (r.expires_at - r.requested_at) / 5)
      AND r.id <> ALL (${[...looked.keys()]}::uuid[])
      AND NOT EXISTS (SELECT FROM notification_deliveries d WHERE d.notice_key = 'expiry:' || r.id)
    ORDER BY r.expires_at LIMIT ${MOST_EXPIRING}`;
  for (const { id, ends, tier, action_class: actionClass, server_name: server } of rows) {
    await withTx(database, (tx) => tell(tx, expiryNotice({ id, tier, actionClass, server }), outlets));
    looked.set(id, ends.getTime());
  }
}

async function tell(tx: Tx, notice: Notice, outlets: readonly Outlet[]): Promise<void> {
  const { audience } = notice;
  if (audience.kind === 'roles') {
    const people = await holdersOf(tx, audience.roles);
    await enqueue(tx, notice, people.map(quietly), outlets);
    return;
  }
  const request = await readOpenRequest(tx, audience.requestId);
  // Decided already: a room or a machine still reads along, nobody else is called.
  if (request === null) return enqueue(tx, notice, [], outlets);
  const asked =
    notice.kind === 'expiry'
      ? [
          ...askedAtFirst(request.factors, request.quorum),
          ...Array.from({ length: request.stepsTaken }, (_, step) => askedByStep(request.escalation, step + 1)).flat(),
        ]
      : audience.step === 0
        ? askedAtFirst(request.factors, request.quorum)
        : askedByStep(request.escalation, audience.step);
  await enqueue(tx, notice, await called(tx, notice, request.id, asked), outlets);
}

/** Who of the groups is told now; a round begins for each that has an order. */
async function called(tx: Tx, notice: Notice, requestId: string, asked: readonly Asked[]): Promise<Recipient[]> {
  const deciders = await decidersOf(tx, requestId, asked);
  const orders = await ordersOf(
    tx,
    asked.map(({ group }) => group),
  );
  const now = await databaseNow(tx);
  const recipients = new Map<string, boolean>();
  for (const { group, wanted } of asked) {
    const eligible = deciders.get(group) ?? [];
    const order = orders.get(group);
    const isRound = order !== undefined && notice.kind !== 'expiry';
    const told = isRound ? toldByNow(order, { sinceMs: now.getTime(), wanted, eligible }, now.getTime()) : eligible;
    for (const id of told) {
      const onCall = order?.people.includes(id) === true;
      recipients.set(id, onCall || recipients.get(id) === true);
    }
    if (isRound) {
      await tx.onCallRound.createMany({
        data: [{ requestId, group, step: stepOf(notice), wanted, since: now }],
        skipDuplicates: true,
      });
    }
  }
  return [...recipients].map(([id, onCall]) => ({ id, onCall }));
}

const stepOf = ({ audience }: Notice) => (audience.kind === 'deciders' ? audience.step : 0);
const quietly = (id: string): Recipient => ({ id, onCall: false });
