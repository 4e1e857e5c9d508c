// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

/**
 * Writes down that emergencies have run out, of one person or of everybody, and returns how many.
 * Changes nothing for anybody: an emergency past its end counts for nothing, whether this has run or not.
 */
export async function endRunOut(tx: Tx, keys: Pick<Keys, 'masterKey'>, personId: string | null): Promise<number> {
  const rows = await tx.$queryRaw<{ id: string; person_id: string; name: string }[]>`
    UPDATE break_glass b SET ended_at = b.ends_at FROM people p
    WHERE p.id = b.person_id AND b.ended_at IS NULL AND b.ends_at <= clock_timestamp()
      AND (${personId}::uuid IS NULL OR b.person_id = ${personId}::uuid)
    RETURNING b.id::text, b.person_id::text, p.name`;
  for (const row of rows) {
    await recordEvent(tx, keys, {
      type: 'break-glass.ended',
      actor: auditActor('system'),
      detail: { breakGlass: row.id, person: row.name, personId: row.person_id, by: 'time' },
    });
    await notify(tx, 'cs_exception', { kind: 'break-glass', id: row.id });
  }
  return rows.length;
}
