// Server-only. Rows of the stateless era that have served their time.
import type pg from 'pg';
import type { Log } from '../log.ts';

const EVERY_MS = 60_000;
const SWEEP_SQL = [
  'DELETE FROM mcp_rounds WHERE expires_at < clock_timestamp()',
  'DELETE FROM mcp_tasks WHERE expires_at < clock_timestamp()',
];

/** Removes redeemed states and tasks once they have expired: an expired state is refused by its own date. */
export function startSweep(pool: pg.Pool, log: Log): { close(): void } {
  const sweep = async () => {
    for (const sql of SWEEP_SQL) await pool.query(sql);
  };
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log.warn({ err: error }, 'expired rounds and tasks could not be removed'));
  }, EVERY_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
