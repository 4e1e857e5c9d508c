// Server-only. The worker's own mark and first words.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

/** Records that this worker started and, in an empty log, that the log did. Workers that start together take turns. */
export async function announceStart(database: Database, keys: Pick<Keys, 'masterKey'>, bootId: string): Promise<void> {
  await withTx(database, async (tx) => {
    const [head] = await tx.$queryRaw<{ isNew: boolean }[]>`
      SELECT size = 0 AND NOT EXISTS (SELECT FROM audit_inbox WHERE event LIKE '%"type":"log.started","v":1}') AS "isNew"
      FROM audit_head WHERE id = 1 FOR UPDATE`;
    if (head?.isNew === true) await recordEvent(tx, keys, { type: 'log.started', actor: auditActor('system') });
    const actor = { type: 'system', id: bootId, name: 'worker' } as const;
    await recordEvent(tx, keys, { type: 'process.started', actor });
  });
}

/** Says that this worker is alive; the first beat is its registration. */
export async function beat(database: Database, bootId: string): Promise<void> {
  await database.$executeRaw`
    INSERT INTO process_instances (id, kind, started_at, last_seen_at)
    VALUES (${bootId}::uuid, 'worker', clock_timestamp(), clock_timestamp())
    ON CONFLICT (id) DO UPDATE SET last_seen_at = clock_timestamp()`;
}

/** Says that this worker ended in order. */
export async function sayGoodbye(database: Database, bootId: string): Promise<void> {
  await database.$executeRaw`
    UPDATE process_instances SET stopped_at = clock_timestamp() WHERE id = ${bootId}::uuid`;
}
