// Server-only.
import type { Me } from '#lib/contracts/people.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { REAUTH_TTL_S } from '../auth/proven-recently.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import { readSignInRules } from '../sso/provider.ts';
import { readSeparation } from './read-separation.ts';

/** Who is signed in, as the shell shows it. */
export async function readMe(prisma: Database, principal: HumanPrincipal, sessionExpiresAt: Date): Promise<Me> {
  const now = await databaseNow(prisma);
  const provenUntil = new Date(principal.reauthAt.getTime() + REAUTH_TTL_S * 1000);
  const person = await prisma.person.findUniqueOrThrow({ where: { id: principal.id }, select: { passwordHash: true } });
  return {
    id: principal.id,
    email: principal.email,
    name: principal.name,
    roles: [...principal.roles],
    separation: await readSeparation(prisma),
    sessionExpiresAt: sessionExpiresAt.toISOString(),
    serverTime: now.toISOString(),
    // A password that signs nobody in proves nothing either: the provider is asked instead.
    hasPassword: person.passwordHash !== null && (await readSignInRules(prisma)).passwords === 'on',
    provenUntil: provenUntil > now ? provenUntil.toISOString() : null,
    provenAt: principal.reauthAt.toISOString(),
  };
}
