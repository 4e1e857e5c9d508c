// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import { countAdmins, lockPeople } from './lock-people.ts';
import { linkUrl, newLinkToken } from './one-time-token.ts';

const SETUP_TTL_S = 15 * 60;

export type SetupLink = { readonly url: string; readonly token: string; readonly expiresAt: Date };

/**
 * A link that makes the first admin: 15 minutes, once, and every older one dies.
 * Null as soon as an active admin exists: then people come by invitation, and a lock-out is cured on the host.
 * Called at every start, by whoever owns the host.
 */
export function createSetupLink(prisma: Database, consoleUrl: string): Promise<SetupLink | null> {
  return withTx(prisma, async (tx) => {
    await lockPeople(tx);
    if ((await countAdmins(tx)) > 0) return null;
    await tx.$executeRaw`
      UPDATE one_time_links SET used_at = clock_timestamp() WHERE kind = 'setup' AND used_at IS NULL`;
    const { token, tokenHash } = newLinkToken();
    const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
      INSERT INTO one_time_links (id, kind, token_hash, roles, groups, created_at, expires_at)
      SELECT ${randomUUIDv7()}::uuid, 'setup', ${tokenHash}, ARRAY['admin', 'reviewer', 'security']::role[], '{}', t.now,
             t.now + make_interval(secs => ${SETUP_TTL_S})
      FROM (SELECT clock_timestamp() AS now) t
      RETURNING expires_at`;
    const row = rows[0];
    if (row === undefined) throw new Error('The set-up link was not written.');
    return { url: linkUrl(consoleUrl, token), token, expiresAt: row.expires_at };
  });
}
