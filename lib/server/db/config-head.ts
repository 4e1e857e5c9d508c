import { notify } from './listen.ts';
import type { Tx } from './tx.ts';

/** What part of the configuration changed; consoles refetch only that. */
export type ConfigTopic = 'servers' | 'agents' | 'credentials' | 'egress' | 'people' | 'policies';

/**
 * Moves the configuration on by one version and tells every gateway.
 *
 * Assumes it runs in the transaction that made the change: its row lock orders concurrent changes, so a gateway that
 * has seen version n has seen every change up to n. NOTIFY only shortens the wait; the lease carries the version too.
 */
export async function bumpConfig(tx: Tx, topic: ConfigTopic, id: string): Promise<number> {
  const rows = await tx.$queryRaw<{ version: bigint }[]>`
    UPDATE config_head SET version = version + 1, updated_at = clock_timestamp() WHERE id = 1 RETURNING version`;
  const row = rows[0];
  if (row === undefined) throw new Error('config_head has no row: the database was not migrated');
  const version = Number(row.version);
  await notify(tx, 'cs_config', { version, topic, id });
  return version;
}
