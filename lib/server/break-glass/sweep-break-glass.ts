// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { endRunOut } from './end-run-out.ts';

/**
 * Writes down what time has done to emergencies: which ran out, and which nobody reviewed within a day, each once.
 * Safe in several workers: a row is claimed by the UPDATE that marks it.
 */
export function sweepBreakGlass(database: Database, keys: Pick<Keys, 'masterKey'>): Promise<number> {
  return withTx(database, async (tx) => {
    const ended = await endRunOut(tx, keys, null);
    const rows = await tx.$queryRaw<{ id: string; person_id: string; name: string; ticket: string }[]>`
      UPDATE break_glass b SET overdue_at = clock_timestamp() FROM people p
      WHERE p.id = b.person_id AND b.reviewed_at IS NULL AND b.overdue_at IS NULL AND b.review_due <= clock_timestamp()
      RETURNING b.id::text, b.person_id::text, p.name, b.ticket`;
    for (const row of rows) {
      await recordEvent(tx, keys, {
        type: 'break-glass.overdue',
        actor: auditActor('system'),
        detail: { breakGlass: row.id, person: row.name, personId: row.person_id, ticket: row.ticket },
      });
      await notify(tx, 'cs_exception', { kind: 'break-glass', id: row.id });
    }
    return ended + rows.length;
  });
}
