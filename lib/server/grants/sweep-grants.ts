// Server-only. The list of grants tells the truth: what has run out or no longer fits the policy says so.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { endGrants } from './end-grants.ts';
import { readPolicyNow } from './grant-need.ts';
import { lockGrant, shareEpoch } from './lock-grant.ts';
import { isStillEnough } from './settle-grant.ts';

type EndedCount = Promise<number>;

/** Ends proposals that nobody decided and grants whose time is over. No use depends on it: time is judged at each use. */
export function expireGrants(prisma: Database, keys: Pick<Keys, 'masterKey'>): EndedCount {
  return withTx(prisma, async (tx) => {
    await shareEpoch(tx);
    const where = Prisma.sql`(g.status = 'pending' AND g.decide_by <= clock_timestamp())
      OR (g.status = 'active' AND g.expires_at <= clock_timestamp())`;
    return endGrants(tx, keys, { by: 'system', status: 'expired', cause: 'time', where });
  });
}

/** The configuration version that was looked at last; a sweep of the same one would find the same. */
export type SweepMemory = { seen: bigint | null };

/**
 * Ends grants whose calls policy now denies or holds to more than they were approved by, and those whose tool was tagged
 * above their tier. No use depends on it: each is judged by the policy in force at that moment.
 */
export async function voidUnfitGrants(
  prisma: Database,
  keys: Pick<Keys, 'masterKey'>,
  memory: SweepMemory,
): EndedCount {
  const head = await prisma.configHead.findUniqueOrThrow({ where: { id: 1 } });
  if (memory.seen === head.version) return 0;
  const live = await prisma.grant.findMany({ where: { status: { in: ['pending', 'active'] } }, select: { id: true } });
  let ended = 0;
  for (const { id } of live) {
    ended += await withTx(prisma, async (tx) => {
      const row = await lockGrant(tx, id);
      if (row === null || (row.status !== 'pending' && row.status !== 'active')) return 0;
      if (await isStillEnough(tx, row, readPolicyNow(tx))) return 0;
      const where = Prisma.sql`g.id = ${id}::uuid`;
      return endGrants(tx, keys, { by: 'system', status: 'void', cause: 'policy-changed', where });
    });
  }
  memory.seen = head.version;
  return ended;
}
