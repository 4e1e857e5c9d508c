// Server-only. Hints between processes, and a listener that comes back after the database was away.
// Never the record: a NOTIFY is lost on whoever is not connected.
import pg from 'pg';
import type { Tx } from './tx.ts';

export const CHANNELS = [
  'cs_config',
  'cs_kill',
  'cs_approval',
  'cs_audit',
  'cs_session',
  'cs_grant',
  'cs_exception',
  'cs_taint',
  'cs_incident',
] as const;
export type Channel = (typeof CHANNELS)[number];

/** Ids and versions; whoever hears it reads the row. */
export type Hint = Readonly<Record<string, string | number | undefined>>;

/** PostgreSQL refuses 8000 bytes and more. */
const MAX_PAYLOAD_BYTES = 7_999;

/**
 * Tells listeners about the transaction's change, once it commits.
 * Assumes rare events: notifying commits queue behind one another. Refuses a payload that PostgreSQL would refuse,
 * and must carry ids and versions only, since any database role may listen.
 */
export async function notify(tx: Tx, channel: Channel, hint: Hint): Promise<void> {
  const payload = JSON.stringify(hint);
  if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
    throw new Error(`A notification on ${channel} is too long: send an id and let listeners read the row.`);
  }
  await tx.$executeRaw`SELECT pg_notify(${channel}, ${payload})`;
}

export type Listener = {
  /** Whether notifications arrive at this moment; while false, readers must poll. */
  isConnected(): boolean;
  close(): Promise<void>;
};

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;
const HEARTBEAT_MS = 5_000;

/**
 * Listens on the channels until closed, on a connection of its own.
 * Resolves when the first attempt has connected or failed; keeps trying in the background.
 * Calls `onReconnect` after every connect, the first included: whatever was notified before is lost, so the caller
 * reads afresh. Assumes callbacks that do not throw. Needs a direct or session-pooled connection: transaction
 * pooling drops LISTEN.
 */
export async function listen(
  url: string,
  channels: readonly Channel[],
  onNotify: (channel: Channel, payload: string) => void,
  onReconnect: () => void,
): Promise<Listener> {
  let client: pg.Client | undefined;
  let closed = false;
  let retryMs = FIRST_RETRY_MS;
  let retry: NodeJS.Timeout | undefined;
  let heartbeat: NodeJS.Timeout | undefined;

  const isOurs = (name: string): name is Channel => channels.some((channel) => channel === name);

  const lose = (lost: pg.Client) => {
    if (client === lost) {
      client = undefined;
    }
    clearInterval(heartbeat);
    lost.removeAllListeners();
    // A socket torn down twice reports again; there is nobody left to tell.
    lost.on('error', () => undefined);
    lost.end().catch(() => undefined);
    if (!closed) {
      clearTimeout(retry);
      retry = setTimeout(connect, retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  };

  const connect = async (): Promise<void> => {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'countersign-listen',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    next.on('error', () => lose(next));
    next.on('end', () => lose(next));
    next.on('notification', (message) => {
      if (isOurs(message.channel)) {
        onNotify(message.channel, message.payload ?? '');
      }
    });
    try {
      await next.connect();
      for (const channel of channels) {
        await next.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      }
    } catch {
      lose(next);
      return;
    }
    if (closed) {
      await next.end();
      return;
    }
    client = next;
    retryMs = FIRST_RETRY_MS;
    // A half-open link (a firewall that forgot us) delivers nothing and reports nothing: ask now and then.
    heartbeat = setInterval(() => {
      const late = setTimeout(() => lose(next), HEARTBEAT_MS);
      next
        .query('SELECT 1')
        .catch(() => lose(next))
        .finally(() => clearTimeout(late));
    }, HEARTBEAT_MS);
    heartbeat.unref();
    onReconnect();
  };

  await connect();
  return {
    isConnected: () => client !== undefined,
    close: async () => {
      closed = true;
      clearTimeout(retry);
      clearInterval(heartbeat);
      const last = client;
      client = undefined;
      if (last !== undefined) {
        last.removeAllListeners('end');
        await last.end();
      }
    },
  };
}
