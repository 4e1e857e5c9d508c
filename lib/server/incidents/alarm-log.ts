// Server-only.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import { openIncident } from './open-incident.ts';

/**
 * Opens an incident for a log that is not what this host has seen. Not by the log: while it stands still nothing can be read
 * from it, and whoever rewrote it would be the one to tell.
 */
export async function alarmRolledBack(database: Database): Promise<void> {
  await withTx(database, (tx) =>
    openIncident(tx, {
      kind: 'log-rolled-back',
      key: 'log-rolled-back',
      severity: 'high',
      title: 'The audit log is not what this host has seen',
      detail:
        'Entries are missing or were rewritten: an old backup was restored, or somebody changed the database. Nothing is sequenced until somebody decides.',
      subject: {},
      drill: false,
    }),
  );
}
