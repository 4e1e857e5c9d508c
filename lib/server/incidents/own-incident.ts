// Server-only.
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';

/**
 * Why somebody may not resolve an incident because it is about them, by whatever account; null = may. Alone one may, and
 * the log says so. A drill is about nobody.
 */
export async function ownIncidentBar(
  tx: Tx,
  incident: { readonly drill: boolean; readonly personId: string | null },
  actor: ConfigActor,
): Promise<string | null> {
  const { personId } = incident;
  if (incident.drill || personId === null) return null;
  if (!(await isSameHuman(tx, personId, personIdOf(actor)))) return null;
  if ((await readSeparation(tx)) === 'solo') return null;
  return 'It is about you: somebody else must resolve it.';
}
