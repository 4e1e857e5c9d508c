// Server-only. Rows that have done their work. Never anything of the log.
import type { Database } from '../db/prisma.ts';
import { forgetAttempts } from '../egress/forget-attempts.ts';

/** Three times as far back as any figure or chart looks. */
const FIGURES_KEPT = '90 days';

/**
 * Deletes spent links, old attempt windows, day-old idempotency answers and challenges, ended sessions, old egress attempts,
 * sums and measurements that no figure looks at any more, and the marks of dead processes.
 */
export async function cleanUp(database: Database): Promise<void> {
  await database.$executeRaw`
    DELETE FROM one_time_links WHERE coalesce(used_at, expires_at) < clock_timestamp() - interval '30 days'`;
  await database.$executeRaw`
    DELETE FROM attempt_windows WHERE window_start < clock_timestamp() - interval '1 day'`;
  await database.$executeRaw`
    DELETE FROM idempotency_keys WHERE created_at < clock_timestamp() - interval '1 day'`;
  await database.$executeRaw`
    DELETE FROM webauthn_challenges WHERE expires_at < clock_timestamp() - interval '1 day'`;
  await database.$executeRaw`
    DELETE FROM mcp_sessions WHERE closed_at < clock_timestamp() - interval '7 days'`;
  await database.$executeRaw`
    DELETE FROM person_sessions WHERE least(revoked_at, expires_at) < clock_timestamp() - interval '90 days'`;
  await forgetAttempts(database);
  await database.$executeRaw`
    DELETE FROM request_views w USING approval_requests r
    WHERE w.first_at < clock_timestamp() - ${FIGURES_KEPT}::interval AND r.id = w.request_id AND r.status <> 'pending'`;
  // The newest hour stays, however old: that there was a call at all is read from it.
  await database.$executeRaw`
    DELETE FROM overview_hours WHERE hour < clock_timestamp() - ${FIGURES_KEPT}::interval
      AND hour < (SELECT max(hour) FROM overview_hours)`;
  // A consumed request still needs its gateway's mark to be told from a live one; after a day none is left.
  await database.$executeRaw`
    DELETE FROM process_instances WHERE last_seen_at < clock_timestamp() - interval '1 day'`;
}
