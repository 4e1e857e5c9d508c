// Server-only.
import type { Database } from '../db/prisma.ts';

/** Forgets assertions and revocations whose tokens have run out by themselves, and static tokens a month after their end. */
export async function forgetEndedTokens(prisma: Database): Promise<void> {
  await prisma.$executeRaw`DELETE FROM used_assertions WHERE expires_at < clock_timestamp() - interval '10 minutes'`;
  await prisma.$executeRaw`DELETE FROM revoked_access_tokens WHERE expires_at < clock_timestamp() - interval '10 minutes'`;
  await prisma.$executeRaw`
    DELETE FROM agent_tokens WHERE least(revoked_at, expires_at) < clock_timestamp() - interval '30 days'`;
}
