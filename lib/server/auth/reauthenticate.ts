// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { countAttempt, forgiveAttempt } from './count-attempts.ts';
import { verifyPassword } from './password.ts';

const LIMIT = 8;

/**
 * Proves again that the person at the keyboard knows the password, and notes the time on the session.
 * Limited like signing in: a stolen cookie must not become a way to guess the password.
 */
export async function reauthenticate(
  prisma: Database,
  principal: HumanPrincipal,
  password: string,
): Promise<Result<{ readonly reauthAt: Date }, Refusal>> {
  const limits = [{ key: `reauth:${principal.id}`, limit: LIMIT }];
  if (!(await countAttempt(prisma, limits))) return err({ code: 'rate-limited' });
  const person = await prisma.person.findUnique({ where: { id: principal.id } });
  if (!(await verifyPassword(person?.passwordHash ?? null, password))) {
    return err({ code: 'step-up-required', detail: 'The password is wrong.' });
  }
  await forgiveAttempt(prisma, limits);
  const rows = await prisma.$queryRaw<{ reauth_at: Date }[]>`
    UPDATE person_sessions SET reauth_at = clock_timestamp()
    WHERE id = ${principal.sessionId}::uuid AND revoked_at IS NULL RETURNING reauth_at`;
  const row = rows[0];
  return row === undefined ? err({ code: 'not-signed-in' }) : ok({ reauthAt: row.reauth_at });
}
