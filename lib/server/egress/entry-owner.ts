import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';

/** The id of who answers for an entry: the person named by e-mail, or whoever adds it; null for the host operator. */
export async function ownerOf(
  tx: Tx,
  actor: ConfigActor,
  email: string | undefined,
): Promise<Result<string | null, ConfigRefusal>> {
  if (email === undefined) return ok(personIdOf(actor));
  const person = await tx.person.findUnique({ where: { email }, select: { id: true, status: true } });
  return person?.status === 'active' ? ok(person.id) : refuse('invalid-request', 'The owner is not an active person.');
}
