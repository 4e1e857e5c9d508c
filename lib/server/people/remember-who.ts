// Server-only.
import type { Tx } from '../db/tx.ts';
import { accountsOf } from './same-human.ts';

/**
 * Keeps who put a person into a group; null is the operator at the host. That they did it themselves is remembered for its
 * day, whatever others do to their groups meanwhile.
 */
export async function rememberWho(
  tx: Tx,
  change: { readonly by: string | null; readonly id: string; readonly isSolo: boolean },
): Promise<void> {
  const { by, id, isSolo } = change;
  const own = await accountsOf(tx, [id]);
  await tx.$executeRaw`
    UPDATE people SET groups_changed_by = ${by}::uuid, groups_changed_at = clock_timestamp(),
      groups_changed_solo = ${isSolo}
    WHERE id = ${id}::uuid AND (${by}::uuid = ANY (${[...own]}::uuid[]) OR groups_changed_by IS NULL
      OR groups_changed_by <> ALL (${[...own]}::uuid[])
      OR groups_changed_at <= clock_timestamp() - make_interval(hours => 24))`;
}
