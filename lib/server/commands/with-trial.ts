// Server-only.
import { serverConfigHash } from '#lib/core/servers/names.ts';
import type { Database } from '../db/prisma.ts';

const TRIAL_S = 60;

type Wanted = { readonly name: string; readonly argv: readonly string[]; readonly writable: readonly string[] };

/**
 * Lets the runner start a command that the host's file is about to define, for as long as `work` runs: its tools are
 * listed before anything is changed. Assumes that the caller is the operator's `apply`; nothing else may write such a row.
 */
export async function withTrial<T>(
  prisma: Database,
  wanted: Wanted,
  work: (asked: { readonly name: string; readonly configHash: string }) => Promise<T>,
): Promise<T> {
  const { name, argv, writable } = wanted;
  const configHash = serverConfigHash({ transport: 'stdio', command: argv, writable });
  // The second apply of one file at the same moment shares the row; it ends by itself if the first one removed it.
  await prisma.$executeRaw`
    INSERT INTO stdio_trials (server_name, config_hash, argv, writable, expires_at)
    VALUES (${name}, ${configHash}, ${[...argv]}, ${[...writable]}, clock_timestamp() + make_interval(secs => ${TRIAL_S}))
    ON CONFLICT (server_name, config_hash) DO UPDATE SET expires_at = excluded.expires_at`;
  try {
    return await work({ name, configHash });
  } finally {
    await prisma.$executeRaw`
      DELETE FROM stdio_trials WHERE server_name = ${name} AND config_hash = ${configHash}`;
    await prisma.$executeRaw`DELETE FROM stdio_trials WHERE expires_at < clock_timestamp()`;
  }
}
