// Server-only.
import type { FollowUp } from '#lib/core/incidents/follow-ups.ts';
import type { Tx } from '../db/tx.ts';
import { lockKey, openOf } from './incident-rows.ts';
import { hintIncident } from './record-incident.ts';

/** What the log adds to one story: whoever accepts a hundred definitions is written down often enough by then. */
const MOST_FOLLOW_UPS = 100;

/** Writes into the story of what is open under a key what the log says was done about it. The log has its entry already. */
export async function addFollowUp(tx: Tx, { key, words }: FollowUp, byName: string): Promise<void> {
  await lockKey(tx, key);
  for (const row of await openOf(tx, key)) {
    if (row.drill) continue;
    const written = await tx.incidentEvent.count({ where: { incidentId: row.id, kind: 'log' } });
    if (written >= MOST_FOLLOW_UPS) continue;
    await tx.incidentEvent.create({ data: { incidentId: row.id, round: row.round, kind: 'log', byName, words } });
    await tx.$executeRaw`UPDATE incidents SET version = version + 1 WHERE id = ${row.id}::uuid`;
    await hintIncident(tx, { id: row.id, version: row.version + 1 });
  }
}
