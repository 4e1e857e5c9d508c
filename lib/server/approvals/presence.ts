// Server-only. Who is looking at a request. It blocks nobody and decides nothing.
import type { Viewer } from '#lib/contracts/approval-context.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { noteView } from '../calibration/dwell.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';

/** How long somebody counts as looking after their page was last heard of. */
const LEASE_S = 90;

/**
 * Renews the caller's lease on a request and lists everybody whose lease runs, who came first first.
 *
 * The first time it also keeps when a reviewer had the request before them. Only a page that somebody sees says this: what a
 * script or a prefetch reads is no view.
 */
export function lookAt(
  deps: { readonly prisma: Database },
  principal: HumanPrincipal,
  requestId: string,
): Promise<Result<{ readonly viewers: readonly Viewer[] }, { readonly code: 'not-found' }>> {
  return withTx(deps.prisma, async (tx) => {
    const held = await tx.$executeRaw`
      INSERT INTO request_viewers AS v (request_id, person_id, since, until)
      SELECT r.id, ${principal.id}::uuid, clock_timestamp(), clock_timestamp() + make_interval(secs => ${LEASE_S})
      FROM approval_requests r WHERE r.id = ${requestId}::uuid
      ON CONFLICT (request_id, person_id) DO UPDATE SET until = excluded.until,
        since = CASE WHEN v.until <= clock_timestamp() THEN excluded.since ELSE v.since END`;
    if (held === 0) return err({ code: 'not-found' as const });
    await noteView(tx, principal.id, requestId);
    // Rows are of no use to anybody later; whoever comes by takes the old ones along.
    await tx.$executeRaw`DELETE FROM request_viewers WHERE until < clock_timestamp() - interval '1 hour'`;
    const rows = await tx.$queryRaw<{ id: string; name: string; since: Date; until: Date }[]>`
      SELECT p.id::text, p.name, v.since, v.until FROM request_viewers v JOIN people p ON p.id = v.person_id
      WHERE v.request_id = ${requestId}::uuid AND v.until > clock_timestamp() AND p.status = 'active'
      ORDER BY v.since, p.id LIMIT 20`;
    return ok({
      viewers: rows.map((one) => ({
        personId: one.id,
        name: one.name,
        since: one.since.toISOString(),
        until: one.until.toISOString(),
      })),
    });
  });
}
