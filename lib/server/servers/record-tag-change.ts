// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { Tier } from '#lib/core/risk/types.ts';
import type { Tx } from '../db/tx.ts';

type Tag = { readonly tier: Tier; readonly actionClass: string };

/**
 * Keeps what a tool counted as before and after somebody's change, by its own tag or by its server's tier: the tool's row
 * names only the last one, and for a day nobody may approve a call that they themselves made easier to run.
 */
export async function recordTagChange(
  tx: Tx,
  change: { readonly toolId: string; readonly by: string | null; readonly before: Tag; readonly after: Tag },
): Promise<void> {
  const { toolId, by, before, after } = change;
  if (before.tier === after.tier && before.actionClass === after.actionClass) return;
  await tx.$executeRaw`
    INSERT INTO tool_tag_changes (id, tool_id, by_id, at, tier_before, class_before, tier, action_class)
    VALUES (${randomUUIDv7()}::uuid, ${toolId}::uuid, ${by}::uuid, clock_timestamp(), ${before.tier}::tier,
      ${before.actionClass}, ${after.tier}::tier, ${after.actionClass})`;
}
