// Server-only.
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';

export const REAUTH_TTL_S = 300;

/**
 * Whether the password was proven on this session within the last five minutes, by the database's clock.
 * Asked before anything that outlives the session: whoever borrows a signed-in browser must not leave a key of their own.
 */
export async function provenRecently(tx: Tx, principal: HumanPrincipal): Promise<boolean> {
  const rows = await tx.$queryRaw<{ one: number }[]>`
    SELECT 1 AS one FROM person_sessions
    WHERE id = ${principal.sessionId}::uuid AND person_id = ${principal.id}::uuid AND revoked_at IS NULL
      AND reauth_at > clock_timestamp() - make_interval(secs => ${REAUTH_TTL_S})`;
  return rows.length > 0;
}
