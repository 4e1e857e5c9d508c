// Server-only.
import { PrismaPg } from '@prisma/adapter-pg';
import { PrismaClient } from '../generated/prisma/client.ts';

export type Database = PrismaClient;

/**
 * A Prisma client over its own node-postgres pool.
 * Assumes one client a process and room; `max` bounds its connections, so that the sum over all processes stays
 * under the server's limit. Never used per forwarded call: see the gateway's own writer.
 */
export function createPrisma(url: string, options: { readonly max: number; readonly name?: string }): Database {
  const pool = {
    connectionString: url,
    max: options.max,
    application_name: options.name ?? 'countersign',
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
  };
  // A connection lost while idle is replaced at the next query; unhandled, the event would end the process.
  const adapter = new PrismaPg(pool, { onPoolError: () => undefined, onConnectionError: () => undefined });
  return new PrismaClient({ adapter, errorFormat: 'minimal' });
}
