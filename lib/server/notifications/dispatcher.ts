// Server-only. Sends what is due, a bounded number at once. Any number of workers may; each message is leased to one.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { claimDelivery, type Target } from './claim-delivery.ts';
import { sendMessage } from './send-message.ts';
import { settleDelivery } from './settle-delivery.ts';
import { takeBack } from './take-back.ts';
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
/** Targets of one channel that one look takes in, and of all of them. */
const LOOK = { ofChannel: 50, ofAll: 200 } as const;
/** One receiver's messages in a row, before others have their turn. */
const MOST_IN_A_ROW = 20;
/** Past every timeout of the senders together: twenty browsers at four connections, or a mail server that dawdles. */
const LEASE_MS = 120_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { prisma, keys, log, consoleUrl, leaseMs = LEASE_MS, random = Math.random } = options;
  const out = openWayOut({ prisma, keys, log }, options);
  const underWay = new Map<string, Promise<void>>();
  /** Due at the last look, and not begun yet. */
  let queue: readonly Target[] = [];
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

  /** Starts on a target, unless there is no room for it; false: it has to wait. */
  function start(target: Target): boolean {
    const key = `${target.channelId}/${target.personId ?? ''}`;
    if (underWay.has(key)) return true;
    const siblings = [...underWay.keys()].filter((other) => other.startsWith(`${target.channelId}/`));
    if (underWay.size >= MOST_AT_ONCE || siblings.length >= MOST_OF_A_CHANNEL) return false;
    const serving = serve(target)
      .catch((error: unknown) =>
        log.error({ err: error, channel: target.channelId }, 'a notification could not be sent'),
      )
      .finally(() => {
        underWay.delete(key);
        startAll();
      });
    underWay.set(key, serving);
    return true;
  }

  function startAll(): void {
    if (!closed) queue = queue.filter((target) => !start(target));
  }

  return {
    run: async () => {
      await takeBack(prisma, keys);
      const targets = await dueTargets(prisma);
      if (targets.length === 0) return;
      await out.refresh();
      queue = targets;
      startAll();
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

async function dueTargets(prisma: Database): Promise<readonly Target[]> {
  const rows = await prisma.$queryRaw<{ channel_id: string; person_id: string | null }[]>`
    SELECT channel_id::text, person_id::text FROM (
      SELECT d.channel_id, d.person_id, min(d.due_at) AS due_at,
        row_number() OVER (PARTITION BY d.channel_id ORDER BY min(d.due_at)) AS place
      FROM notification_deliveries d JOIN notification_channels c ON c.id = d.channel_id
      WHERE d.state = 'waiting' AND d.due_at <= clock_timestamp() AND c.enabled
        AND (c.paused_until IS NULL OR c.paused_until <= clock_timestamp())
      GROUP BY d.channel_id, d.person_id) AS due
    WHERE place <= ${LOOK.ofChannel} ORDER BY due_at LIMIT ${LOOK.ofAll}`;
  return rows.map((row) => ({ channelId: row.channel_id, personId: row.person_id }));
}
