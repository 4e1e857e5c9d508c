// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { withTx } from '../db/tx.ts';
import type { StepUpDeps } from './verify-assertion.ts';

/** Gives a passkey of one's own another name. It proves the same as before, so nothing is asked; another's is not there. */
export function renamePasskey(
  deps: Pick<StepUpDeps, 'prisma' | 'keys'>,
  principal: HumanPrincipal,
  id: string,
  name: string,
): Promise<Result<true, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<true, Refusal>> => {
    const [before] = await tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM passkeys
      WHERE id = ${id}::uuid AND person_id = ${principal.id}::uuid AND revoked_at IS NULL FOR UPDATE`;
    if (before === undefined) return err({ code: 'not-found' });
    if (before.name === name) return ok(true);
    await tx.passkey.update({ where: { id }, data: { name } });
    await recordEvent(tx, deps.keys, {
      type: 'passkey.renamed',
      actor: auditActor(principal),
      detail: { passkey: id, name, nameBefore: before.name },
    });
    return ok(true);
  });
}
