// Server-only.
import type { Delegations } from '#lib/contracts/exceptions.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { lockDelegation, toDelegation } from './list-delegations.ts';

type Revoked = Result<Delegations['items'][number], Refusal>;

/**
 * Ends a delegation at once, one's own or, for an admin, anybody's. Votes that were cast under it stop counting with it,
 * also for an approval that was not used yet. One that has ended already is given back as it is.
 */
export function revokeDelegation(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  id: string,
): Promise<Revoked> {
  return withTx(deps.prisma, async (tx): Promise<Revoked> => {
    const before = await lockDelegation(tx, id);
    if (before === null) return err({ code: 'not-found' });
    if (before.from_id !== principal.id && !principal.roles.includes('admin')) {
      return err({ code: 'not-allowed', detail: 'Only whose votes they are, or an admin, ends a delegation.' });
    }
    const ended = await tx.$executeRaw`
      UPDATE delegations SET revoked_at = clock_timestamp()
      WHERE id = ${id}::uuid AND revoked_at IS NULL AND ends_at > clock_timestamp()`;
    if (ended === 0) return ok(toDelegation(before));
    await recordEvent(tx, deps.keys, {
      type: 'delegation.revoked',
      actor: auditActor(principal),
      detail: {
        delegation: id,
        from: before.from_name,
        fromId: before.from_id,
        to: before.to_name,
        toId: before.to_id,
      },
    });
    await notify(tx, 'cs_exception', { kind: 'delegation', id });
    const after = await lockDelegation(tx, id);
    return after === null ? err({ code: 'not-found' }) : ok(toDelegation(after));
  });
}
