// Server-only. Sends what is due, a bounded number at once. Any number of workers may; each message is leased to one.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { claimDelivery, type Target } from './claim-delivery.ts';
import { sendMessage } from './send-message.ts';
import { settleDelivery } from './settle-delivery.ts';
import { openWayOut, type WayOutOptions } from './way-out.ts';

export type DispatcherOptions = WayOutOptions & {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly log: Log;
  readonly consoleUrl: string;
  /** How long a worker may take for one message before it counts as dead. */
  readonly leaseMs?: number;
  readonly random?: () => number;
};

export type Dispatcher = {
  /** Starts on what is due and does not wait for it: a receiver that takes its time holds up only itself. */
  run(): Promise<void>;
  /** Resolves when nothing is under way. */
  drain(): Promise<void>;
  close(): Promise<void>;
};

const MOST_AT_ONCE = 12;
/** Two channels that hang must not keep a third from its turn: whoever opens many requests could silence all by one. */
const MOST_OF_A_CHANNEL = 5;
/** One receiver's messages in a row, before others have their turn. */
const MOST_IN_A_ROW = 20;
/** Past every timeout of the senders together: twenty browsers at four connections, or a mail server that dawdles. */
const LEASE_MS = 120_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { prisma, keys, log, consoleUrl, leaseMs = LEASE_MS, random = Math.random } = options;
  const out = openWayOut({ prisma, keys, log }, options);
  const underWay = new Map<string, Promise<void>>();
  let closed = false;

  async function serve(target: Target): Promise<void> {
    for (let sent = 0; sent < MOST_IN_A_ROW && !closed; sent++) {
      const claimed = await withTx(prisma, (tx) => claimDelivery(tx, { keys, consoleUrl, leaseMs }, target));
      if (claimed === null) return;
      const outcome = await sendMessage({ prisma, keys, out }, claimed);
      await settleDelivery({ prisma, keys, random }, claimed, outcome);
      if (outcome.kind === 'again') return;
    }
  }

  function start(target: Target): void {
    const key = `${target.channelId}/${target.personId ?? ''}`;
    if (underWay.has(key) || underWay.size >= MOST_AT_ONCE) return;
    const siblings = [...underWay.keys()].filter((other) => other.startsWith(`${target.channelId}/`));
    if (siblings.length >= MOST_OF_A_CHANNEL) return;
    const serving = serve(target)
      .catch((error: unknown) =>
        log.error({ err: error, channel: target.channelId }, 'a notification could not be sent'),
      )
      .finally(() => underWay.delete(key));
    underWay.set(key, serving);
  }

  return {
    run: async () => {
      await takeBack(prisma);
      const targets = await dueTargets(prisma);
      if (targets.length === 0) return;
      await out.refresh();
      for (const target of targets) start(target);
    },
    drain: async () => {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
    close: async () => {
      closed = true;
      await Promise.all(underWay.values());
      await out.close();
    },
  };
}

/** Messages of a worker that is gone wait again, at once and as the same message; after the last try they are given up. */
async function takeBack(prisma: Database): Promise<void> {
  await prisma.$executeRaw`
    UPDATE notification_deliveries SET lease_id = NULL, lease_until = NULL, due_at = clock_timestamp(),
      state = CASE WHEN tries_left > 0 THEN 'waiting' ELSE 'dead' END,
      why = 'The worker that sent it broke off.'
    WHERE state = 'sending' AND lease_until <= clock_timestamp()`;
}

async function dueTargets(prisma: Database): Promise<readonly Target[]> {
  const rows = await prisma.$queryRaw<{ channel_id: string; person_id: string | null }[]>`
    SELECT channel_id::text, person_id::text FROM (
      SELECT d.channel_id, d.person_id, min(d.due_at) AS due_at,
        row_number() OVER (PARTITION BY d.channel_id ORDER BY min(d.due_at)) AS place
      FROM notification_deliveries d JOIN notification_channels c ON c.id = d.channel_id
      WHERE d.state = 'waiting' AND d.due_at <= clock_timestamp() AND c.enabled
        AND (c.paused_until IS NULL OR c.paused_until <= clock_timestamp())
      GROUP BY d.channel_id, d.person_id) AS due
    WHERE place <= ${MOST_OF_A_CHANNEL * 2} ORDER BY due_at LIMIT ${MOST_AT_ONCE * 8}`;
  return rows.map((row) => ({ channelId: row.channel_id, personId: row.person_id }));
}
