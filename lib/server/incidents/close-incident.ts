// Server-only. The end of incidents that only evidence ends.
import { closedBy } from '#lib/core/incidents/kinds.ts';
import { boundText } from '../audit/bound-text.ts';
import type { Tx } from '../db/tx.ts';
import { lockKey, openOf } from './incident-rows.ts';
import { recordIncident } from './record-incident.ts';

const LONGEST = { key: 200, evidence: 1_000 } as const;

/**
 * Ends what is open under a key, because the running system showed that it is over: a green rerun, a run that came.
 * Answers the ids that it closed. Leaves alone what a person must end: no evidence speaks for those.
 */
export async function closeByEvidence(
  tx: Tx,
  input: { readonly key: string; readonly evidence: string },
): Promise<readonly string[]> {
  const key = boundText(input.key, LONGEST.key);
  const evidence = boundText(input.evidence, LONGEST.evidence);
  await lockKey(tx, key);
  const open = (await openOf(tx, key)).filter((row) => closedBy(row.kind, row.drill) === 'evidence');
  for (const row of open) {
    await tx.$executeRaw`
      UPDATE incidents SET state = 'resolved', resolved_at = clock_timestamp(), resolution = ${evidence},
        version = version + 1 WHERE id = ${row.id}::uuid`;
    await tx.incidentEvent.create({
      data: { incidentId: row.id, round: row.round, kind: 'resolved', byName: 'countersign', words: evidence },
    });
    await recordIncident(tx, 'incident.resolved', { ...row, version: row.version + 1 }, undefined, { by: 'evidence' });
  }
  return open.map((row) => row.id);
}
