// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

/**
 * Ends an emergency before its time: by the person who opened it, or by anybody of security or admin.
 * Waits for a vote that is being counted under it. What was decided stays decided. Refuses one that is over.
 */
export function endBreakGlass(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  id: string,
): Promise<Result<{ readonly id: string }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, Refusal>> => {
    await tx.$queryRaw`SELECT 1 FROM break_glass WHERE id = ${id}::uuid FOR UPDATE`;
    const rows = await tx.$queryRaw<{ person_id: string; name: string; open: boolean }[]>`
      SELECT b.person_id::text, p.name, b.ended_at IS NULL AND b.ends_at > clock_timestamp() AS open
      FROM break_glass b JOIN people p ON p.id = b.person_id WHERE b.id = ${id}::uuid`;
    const row = rows[0];
    if (row === undefined) return err({ code: 'not-found' });
    if (row.person_id !== principal.id && !principal.roles.some((role) => role === 'security' || role === 'admin')) {
      return err({ code: 'not-allowed', detail: 'Only who opened it, security or an admin can end it.' });
    }
    if (!row.open) return err({ code: 'conflict', detail: 'This emergency is over already.' });
    await tx.$executeRaw`UPDATE break_glass SET ended_at = clock_timestamp() WHERE id = ${id}::uuid`;
    await recordEvent(tx, deps.keys, {
      type: 'break-glass.ended',
      actor: auditActor(principal),
      detail: { breakGlass: id, person: row.name, personId: row.person_id, by: 'hand' },
    });
    await notify(tx, 'cs_exception', { kind: 'break-glass', id });
    return ok({ id });
  });
}
