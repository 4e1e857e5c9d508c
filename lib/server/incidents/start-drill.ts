// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { type IncidentKind, kindWords } from '#lib/core/incidents/kinds.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import { mayHandle } from './may-handle.ts';
import { openIncident } from './open-incident.ts';

/** More at once would bury what is real. */
const MOST_OPEN_DRILLS = 3;

/**
 * Begins a drill: an incident of a kind, marked as an exercise, about nothing, so that people practise. How long it takes
 * until somebody has it and until it is resolved is kept. Refuses the red-team run's own kind, and a fourth at once.
 */
export function startDrill(
  deps: { readonly prisma: Database },
  actor: ConfigActor,
  kind: IncidentKind,
): Promise<Result<{ readonly id: string }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, Refusal>> => {
    if (!mayHandle(actor)) return err({ code: 'not-allowed', detail: 'Incidents need the role security or admin.' });
    if (kind === 'drill') return err({ code: 'invalid-request', detail: 'This kind is the red-team run’s own.' });
    // One after the other, or two at once would both see room.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('incident drills', 0))`;
    const running = await tx.incident.count({
      where: { drill: true, kind: { not: 'drill' }, state: { not: 'resolved' } },
    });
    if (running >= MOST_OPEN_DRILLS) {
      return err({ code: 'conflict', detail: `${MOST_OPEN_DRILLS} drills run already: resolve one first.` });
    }
    const signal = {
      kind,
      key: `drill:${randomUUIDv7()}`,
      severity: 'high',
      title: `Drill: ${kindWords(kind).toLowerCase()}`,
      detail: 'Somebody practises. Nothing happened; go through the steps as if it had.',
      subject: {},
      drill: true,
    } as const;
    const { id } = await openIncident(tx, signal, actor);
    return ok({ id });
  });
}
