// Server-only. Rows of tokens that nothing asks about any more.
import type { Database } from '../db/prisma.ts';

/**
 * Forgets assertions that have run out by themselves, static tokens a month after their end, and revocations once nothing
 * that their token began can still be going: a call is held for at most a day, a tunnel is open for at most twelve hours.
 */
export async function forgetEndedTokens(prisma: Database): Promise<void> {
  await prisma.$executeRaw`DELETE FROM used_assertions WHERE expires_at < clock_timestamp() - interval '10 minutes'`;
  await prisma.$executeRaw`DELETE FROM revoked_access_tokens WHERE expires_at < clock_timestamp() - interval '25 hours'`;
  await prisma.$executeRaw`
    DELETE FROM agent_tokens WHERE least(revoked_at, expires_at) < clock_timestamp() - interval '30 days'`;
}
