// Server-only. The shape of every write: one transaction, and the database's clock.
import type { Prisma } from '../generated/prisma/client.ts';
import type { Database } from './prisma.ts';

/** The first parameter of every repository function. */
export type Tx = Prisma.TransactionClient;

const TX_TIMEOUT_MS = 10_000;

/**
 * Runs the work in one transaction; whatever it throws rolls everything back.
 * Read committed, because use-cases lock the row that they decide on. A refusal is returned as a value and must be
 * decided before the first write, or thrown.
 */
export function withTx<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.$transaction(work, { maxWait: 5_000, timeout: TX_TIMEOUT_MS });
}

/** The database's clock, the only one that decides: replicas' clocks differ, and an attacker may own one. */
export async function databaseNow(tx: Tx): Promise<Date> {
  const rows = await tx.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  const now = rows[0]?.now;
  if (now === undefined) {
    throw new Error('The database told no time.');
  }
  return now;
}
