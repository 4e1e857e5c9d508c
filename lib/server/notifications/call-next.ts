// Server-only. Goes on down the on-call lists of requests that nobody has claimed.
import { requestNotice } from '#lib/core/notifications/notice.ts';
import { toldByNow } from '#lib/core/notifications/on-call.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { enqueue, readOutlets } from './enqueue.ts';
import { ordersOf } from './on-call-orders.ts';
import { decidersOf } from './recipients.ts';

const MOST_AT_ONCE = 200;

type DueRound = { request_id: string; group: string; turns: number };
type TakenRound = {
  step: number;
  wanted: number;
  since: Date;
  now: Date;
  tier: Tier;
  action_class: string;
  server_name: string;
};

/**
 * Tells the next one of every list whose time has come: so many minutes after the one before, while the request waits and
 * nobody looks at it. A claim stops the list as long as it lasts. Each turn is taken once, by whichever worker holds the
 * round. Rounds of requests that are decided end. Answers how many turns were taken.
 */
export async function callNext(database: Database): Promise<number> {
  await database.$executeRaw`
    DELETE FROM on_call_rounds o USING approval_requests r
    WHERE r.id = o.request_id AND (r.status <> 'pending' OR r.expires_at <= clock_timestamp())`;
  const due = await database.$queryRaw<DueRound[]>`
    SELECT o.request_id::text, o."group",
      floor(extract(epoch FROM clock_timestamp() - o.since) / (c.next_after_minutes * 60))::int AS turns
    FROM on_call_rounds o JOIN on_call_orders c ON c."group" = o."group"
      JOIN approval_requests r ON r.id = o.request_id
    WHERE r.status = 'pending' AND r.expires_at > clock_timestamp()
      AND (r.claimed_by IS NULL OR r.claim_until <= clock_timestamp())
      AND floor(extract(epoch FROM clock_timestamp() - o.since) / (c.next_after_minutes * 60)) > o.turn
    ORDER BY o.since LIMIT ${MOST_AT_ONCE}`;
  for (const round of due) await withTx(database, (tx) => takeTurn(tx, round));
  return due.length;
}

async function takeTurn(tx: Tx, { request_id: requestId, group, turns }: DueRound): Promise<void> {
  const rows = await tx.$queryRaw<TakenRound[]>`
    UPDATE on_call_rounds o SET turn = ${turns} FROM approval_requests r
    WHERE o.request_id = ${requestId}::uuid AND o."group" = ${group} AND o.turn < ${turns} AND r.id = o.request_id
      AND r.status = 'pending'
    RETURNING o.step, o.wanted, o.since, clock_timestamp() AS now, r.tier::text AS tier, r.action_class, r.server_name`;
  const [round] = rows;
  const order = (await ordersOf(tx, [group])).get(group);
  if (round === undefined || order === undefined) return;
  const eligible = (await decidersOf(tx, requestId, [{ group, wanted: round.wanted }])).get(group) ?? [];
  const at = { sinceMs: round.since.getTime(), wanted: round.wanted, eligible };
  const told = toldByNow(order, at, round.now.getTime());
  const notice = requestNotice({
    requestId,
    step: round.step,
    tier: round.tier,
    actionClass: round.action_class,
    server: round.server_name,
  });
  const recipients = told.map((id) => ({ id, onCall: order.people.includes(id) }));
  await enqueue(tx, notice, recipients, await readOutlets(tx));
}
