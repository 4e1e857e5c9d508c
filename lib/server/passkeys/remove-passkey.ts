// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { provenRecently } from '../auth/proven-recently.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { StepUpDeps } from './verify-assertion.ts';

/**
 * Takes a passkey of one's own out of use at once; the row stays, because votes name it as evidence.
 * Needs the password within the last five minutes. The last one may go too: the log says how many are left.
 */
export function removePasskey(
  deps: Pick<StepUpDeps, 'prisma' | 'keys'>,
  principal: HumanPrincipal,
  id: string,
): Promise<Result<{ readonly left: number }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly left: number }, Refusal>> => {
    const rows = await tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM passkeys
      WHERE id = ${id}::uuid AND person_id = ${principal.id}::uuid AND revoked_at IS NULL FOR UPDATE`;
    const passkey = rows[0];
    if (passkey === undefined) return err({ code: 'not-found' });
    if (!(await provenRecently(tx, principal))) {
      return err({ code: 'step-up-required', detail: 'Enter your password to remove a passkey.' });
    }
    await tx.$executeRaw`UPDATE passkeys SET revoked_at = clock_timestamp() WHERE id = ${id}::uuid`;
    const left = await tx.passkey.count({ where: { personId: principal.id, revokedAt: null } });
    await recordEvent(tx, deps.keys, {
      type: 'passkey.removed',
      actor: auditActor(principal),
      detail: { passkey: id, name: passkey.name, left },
    });
    return ok({ left });
  });
}

/**
 * Takes every passkey of a person out of use, and returns how many: after a reset nothing that proved the person before
 * does so any more, or whoever knew the old password would have left a way in.
 */
export function removePasskeysOf(tx: Tx, personId: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE passkeys SET revoked_at = clock_timestamp() WHERE person_id = ${personId}::uuid AND revoked_at IS NULL`;
}
