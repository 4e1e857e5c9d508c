// Server-only. What a try leaves behind.
import { MOST_TRIES, pauseAfter } from '#lib/core/notifications/backoff.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Claimed } from './claim-delivery.ts';
import { releaseCollapsed } from './due-rows.ts';
import type { Sent } from './message.ts';
import { recordGivenUp } from './take-back.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys; readonly random: () => number };
type Next =
  | { readonly state: 'delivered' | 'dropped' | 'dead'; readonly why: string | null }
  | { readonly state: 'waiting'; readonly why: string; readonly afterMs: number };

/**
 * Writes how a try ended, if the message is still this worker's: one whose lease ran out belongs to whoever tries it now,
 * and nothing that comes late may undo that. What is given up is in the log, because somebody was not told.
 */
export async function settleDelivery(deps: Deps, claimed: Claimed, sent: Sent): Promise<void> {
  const next = nextOf(sent, claimed.triesLeft, deps.random());
  await withTx(deps.prisma, async (tx) => {
    const { message, channel, leaseId } = claimed;
    const told = 'sentTo' in sent && sent.sentTo !== undefined ? [...sent.sentTo] : [];
    const afterMs = next.state === 'waiting' ? next.afterMs : 0;
    const mine = await tx.$executeRaw`
      UPDATE notification_deliveries SET state = ${next.state}, lease_id = NULL, lease_until = NULL, why = ${next.why},
        sent_to = sent_to || ${told}::uuid[],
        delivered_at = CASE WHEN ${next.state} = 'delivered' THEN clock_timestamp() ELSE delivered_at END,
        due_at = CASE WHEN ${next.state} = 'waiting'
          THEN clock_timestamp() + ${afterMs}::float8 * interval '1 millisecond' ELSE due_at END
      WHERE id = ${message.id}::uuid AND lease_id = ${leaseId}::uuid`;
    if (mine === 0) return;
    await markChannel(tx, channel.id, next);
    if (sent.kind === 'again' && sent.pauses === true && sent.retryAfterMs !== null) {
      await tx.$executeRaw`
        UPDATE notification_channels SET paused_until = greatest(coalesce(paused_until, clock_timestamp()),
          clock_timestamp() + least(${sent.retryAfterMs}::float8, 21600000) * interval '1 millisecond')
        WHERE id = ${channel.id}::uuid`;
    }
    if (next.state === 'dropped') await releaseCollapsed(tx, [message.id]);
    if (next.state !== 'dead') return;
    const { id, kind, requestId } = message;
    await recordGivenUp(tx, deps.keys, { id, channel: channel.name, kind, requestId, why: next.why });
  });
}

function nextOf(sent: Sent, triesLeft: number, random: number): Next {
  switch (sent.kind) {
    case 'delivered':
      return { state: 'delivered', why: null };
    case 'gone':
      return { state: 'dropped', why: sent.why };
    case 'never':
      return { state: 'dead', why: sent.why };
    case 'again': {
      const afterMs = triesLeft <= 0 ? null : pauseAfter(MOST_TRIES - triesLeft, random, sent.retryAfterMs);
      return afterMs === null
        ? { state: 'dead', why: `${sent.why} It was the last try.` }
        : { state: 'waiting', why: sent.why, afterMs };
    }
  }
}

async function markChannel(tx: Tx, channelId: string, next: Next): Promise<void> {
  if (next.state === 'dropped') return;
  if (next.state === 'delivered') {
    await tx.$executeRaw`
      UPDATE notification_channels SET last_delivered_at = clock_timestamp() WHERE id = ${channelId}::uuid`;
    return;
  }
  await tx.$executeRaw`
    UPDATE notification_channels SET last_error_at = clock_timestamp(), last_error = ${next.why}
    WHERE id = ${channelId}::uuid`;
}
