// Server-only.
import type { Me } from '#lib/contracts/people.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import { readSeparation } from './read-separation.ts';

/** Who is signed in, as the shell shows it. */
export async function readMe(prisma: Database, principal: HumanPrincipal, sessionExpiresAt: Date): Promise<Me> {
  return {
    id: principal.id,
    email: principal.email,
    name: principal.name,
    roles: [...principal.roles],
    separation: await readSeparation(prisma),
    sessionExpiresAt: sessionExpiresAt.toISOString(),
    serverTime: (await databaseNow(prisma)).toISOString(),
  };
}
