// Server-only. Ending sessions: one's own, and as an admin anybody's. HTTP dies with the row, sockets by its hint.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor, HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { mayConfigure } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { revokeSignIn } from './sessions.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys };
export type Ended = { readonly ended: number };
/** Which sessions of the person: one, all, or all but the one that asks. */
export type Which =
  | { readonly kind: 'one'; readonly id: string }
  | { readonly kind: 'all' }
  | { readonly kind: 'others'; readonly than: string };

/** Ends sessions of one's own. A session of somebody else is not there. */
export function endOwnSessions(deps: Deps, actor: HumanPrincipal, which: Which): Promise<Result<Ended, Refusal>> {
  return endSessions(deps, actor, actor.id, which);
}

/** Ends sessions of anybody; for admins and the operator. Refuses somebody unknown and a session of another person. */
export async function endSessionsOf(
  deps: Deps,
  actor: ConfigActor,
  personId: string,
  which: Which,
): Promise<Result<Ended, Refusal>> {
  if (!mayConfigure(actor)) return err({ code: 'not-allowed', detail: 'Only an admin may end sessions of others.' });
  return endSessions(deps, actor, personId, which);
}

function endSessions(deps: Deps, actor: ConfigActor, personId: string, which: Which): Promise<Result<Ended, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<Ended, Refusal>> => {
    const person = await tx.person.findUnique({ where: { id: personId } });
    if (person === null) return err({ code: 'not-found' });
    const rows = await tx.$queryRaw<{ id: string }[]>`
      UPDATE person_sessions SET revoked_at = clock_timestamp()
      WHERE person_id = ${personId}::uuid AND revoked_at IS NULL AND expires_at > clock_timestamp()
        AND (${which.kind === 'one' ? which.id : null}::uuid IS NULL OR id = ${which.kind === 'one' ? which.id : null}::uuid)
        AND id IS DISTINCT FROM ${which.kind === 'others' ? which.than : null}::uuid
      RETURNING id::text`;
    if (which.kind === 'one' && rows.length === 0) return err({ code: 'not-found' });
    if (rows.length === 0) return ok({ ended: 0 });
    if (which.kind === 'one') await revokeSignIn(tx, which.id);
    await notify(tx, 'cs_session', { personId });
    await recordEvent(tx, deps.keys, {
      type: 'person.session-ended',
      actor: auditActor(actor),
      detail: {
        person: personId,
        email: person.email,
        ended: rows.length,
        ...(which.kind === 'one' ? { sessionId: which.id } : {}),
      },
    });
    return ok({ ended: rows.length });
  });
}
