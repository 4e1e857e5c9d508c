// Server-only.
import type { Me } from '#lib/contracts/me.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { REAUTH_TTL_S } from '../auth/proven-recently.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { signInOffer } from '../sso/provider.ts';
import { readSeparation } from './read-separation.ts';

/** Who is signed in, as the shell shows it. */
export async function readMe(
  { prisma, env }: { readonly prisma: Database; readonly env: Pick<Env, 'oidc'> },
  principal: HumanPrincipal,
  sessionExpiresAt: Date,
): Promise<Me> {
  const now = await databaseNow(prisma);
  const provenUntil = new Date(principal.reauthAt.getTime() + REAUTH_TTL_S * 1000);
  const person = await prisma.person.findUniqueOrThrow({
    where: { id: principal.id },
    select: { passwordHash: true, subject: true },
  });
  const offer = await signInOffer(prisma, env);
  const passkeys = await prisma.passkey.count({ where: { personId: principal.id, revokedAt: null } });
  return {
    id: principal.id,
    email: principal.email,
    name: principal.name,
    roles: [...principal.roles],
    separation: await readSeparation(prisma),
    sessionExpiresAt: sessionExpiresAt.toISOString(),
    serverTime: now.toISOString(),
    // A password that signs nobody in proves nothing either: the provider is asked instead.
    hasPassword: person.passwordHash !== null && offer.passwords,
    provesBy: { passkey: passkeys > 0, provider: offer.provider !== null && person.subject !== null },
    provenUntil: provenUntil > now ? provenUntil.toISOString() : null,
    provenAt: principal.reauthAt.toISOString(),
  };
}
