import type { ConfigDeps } from '../db/config-write.ts';
import { scanServer } from './scan-server.ts';

const EVERY_S = 600;
const AT_ONCE = 3;

/**
 * Scans a few servers that were last read more than ten minutes ago, and answers how many.
 *
 * Several workers may call it: a server is taken by moving its last scan to now, which only one of them can do. A server
 * that was never scanned is left to the admin who adds it. Failures are remembered on the server and never thrown.
 */
export async function rescanDue(deps: ConfigDeps): Promise<number> {
  const taken = await deps.prisma.$queryRaw<{ id: string }[]>`
    UPDATE servers SET last_scan_at = clock_timestamp()
    WHERE id IN (
      SELECT id FROM servers
      WHERE status = 'active' AND transport <> 'external'
        AND last_scan_at < clock_timestamp() - make_interval(secs => ${EVERY_S})
      ORDER BY last_scan_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
    RETURNING id`;
  for (const { id } of taken) await scanServer(deps, 'system', id);
  return taken.length;
}
