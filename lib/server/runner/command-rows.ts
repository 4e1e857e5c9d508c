// Server-only. The only place a program's name comes from: a row that the host or two people wrote.
import { z } from 'zod';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import type { Database } from '../db/prisma.ts';

const rowSchema = z.object({
  argv: z.array(z.string()).min(1),
  writable: z.array(z.string()),
  source: z.enum(['host', 'approved']),
});
export type CommandRow = z.infer<typeof rowSchema>;

/**
 * The command of a server under exactly this configuration, or null. The hash is computed again from what is there: a row
 * that was changed since somebody asked is another server.
 */
export async function findCommand(
  prisma: Database,
  asked: { readonly server: string; readonly configHash: string },
): Promise<CommandRow | null> {
  const rows = await prisma.$queryRaw<unknown[]>`
    SELECT c.argv, c.writable, c.source FROM servers s JOIN stdio_commands c ON c.name = s.command_name
    WHERE s.name = ${asked.server} AND s.transport = 'stdio' AND s.config_hash = ${asked.configHash}
    UNION ALL
    SELECT t.argv, t.writable, 'host' FROM stdio_trials t
    WHERE t.server_name = ${asked.server} AND t.config_hash = ${asked.configHash} AND t.expires_at > clock_timestamp()
    LIMIT 1`;
  const read = rowSchema.safeParse(rows[0]);
  if (!read.success) return null;
  const { argv, writable } = read.data;
  return serverConfigHash({ transport: 'stdio', command: argv, writable }) === asked.configHash ? read.data : null;
}
