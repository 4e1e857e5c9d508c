// Server-only. This process in `process_instances`: alive, and how far it has heard of kills.
import type pg from 'pg';
import type { Log } from '../log.ts';

const BEAT_MS = 2_000;

export type Heartbeat = {
  agentSeen(agentId: string): void;
  /** A kill of this epoch has been heard and carried out here: nothing covered runs any more. */
  acknowledge(epoch: bigint): void;
  close(): Promise<void>;
};

const START_SQL = 'INSERT INTO process_instances (id, kind) VALUES ($1, $2)';
const BEAT_SQL = `WITH seen AS (
    UPDATE agents SET last_seen_at = clock_timestamp() WHERE id = ANY($3::uuid[])
  ) UPDATE process_instances SET last_seen_at = clock_timestamp(), config_version = $2 WHERE id = $1`;
// Cutting is synchronous, so by the time this row says "acknowledged" the last covered call has been cut as well.
const ACK_SQL = `UPDATE process_instances SET kill_epoch_ack = $2, kill_ack_at = clock_timestamp(),
  hard_stopped_at = clock_timestamp(), last_seen_at = clock_timestamp() WHERE id = $1 AND kill_epoch_ack < $2`;
const STOP_SQL = 'UPDATE process_instances SET stopped_at = clock_timestamp() WHERE id = $1';

/** Registers the process and keeps saying that it lives; the worker reads from this who died with calls in hand. */
export async function startHeartbeat(
  pool: pg.Pool,
  process: { readonly bootId: string; readonly kind: string; readonly configVersion: () => bigint },
  log: Log,
): Promise<Heartbeat> {
  await pool.query(START_SQL, [process.bootId, process.kind]);
  let seen = new Set<string>();
  let running: Promise<unknown> = Promise.resolve();

  const send = (text: string, values: readonly unknown[]) => {
    running = pool
      .query(text, [...values])
      .catch((error: unknown) => log.warn({ err: error }, 'the heartbeat did not arrive'));
    return running;
  };
  const beat = () => {
    const ids = [...seen];
    seen = new Set();
    return send(BEAT_SQL, [process.bootId, process.configVersion().toString(), ids]);
  };
  const timer = setInterval(() => void beat(), BEAT_MS);
  timer.unref();

  return {
    agentSeen: (agentId) => {
      seen.add(agentId);
    },
    acknowledge: (epoch) => {
      void send(ACK_SQL, [process.bootId, epoch.toString()]);
    },
    close: async () => {
      clearInterval(timer);
      await running;
      if (seen.size > 0) await beat();
      await send(STOP_SQL, [process.bootId]);
    },
  };
}
