// Server-only.
import type { Tx } from '../db/tx.ts';

/**
 * The emergency that a person has open at this moment, or null.
 * Open means: break-glass is switched on, not ended, not run out by the database's clock, and the person is active and
 * still in the group that may open one. The row is locked against ending until the caller's transaction is over, so that no
 * vote is counted under an emergency that has been ended.
 */
export async function activeBreakGlass(
  tx: Tx,
  personId: string,
): Promise<{ readonly id: string; readonly endsAt: Date } | null> {
  const rows = await tx.$queryRaw<{ id: string; ends_at: Date }[]>`
    SELECT b.id::text, b.ends_at
    FROM break_glass b JOIN people p ON p.id = b.person_id JOIN settings s ON s.id = 1
    WHERE b.person_id = ${personId}::uuid AND b.ended_at IS NULL AND b.ends_at > clock_timestamp()
      AND s.break_glass_enabled AND p.status = 'active' AND s.break_glass_group = ANY(p.groups)
    ORDER BY b.ends_at DESC LIMIT 1 FOR SHARE OF b`;
  const row = rows[0];
  return row === undefined ? null : { id: row.id, endsAt: row.ends_at };
}
