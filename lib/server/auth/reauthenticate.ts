// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSignInRules } from '../sso/provider.ts';
import { countAttempt, forgiveAttempt } from './count-attempts.ts';
import { verifyPassword } from './password.ts';
import { renewSession } from './renew-session.ts';

const LIMIT = 8;

/**
 * Proves again that the person at the keyboard knows the password, for what is asked with it and nothing else.
 * Refuses while passwords are off: what signs nobody in proves nobody either.
 * Limited like signing in: a stolen cookie must not become a way to guess the password.
 */
export async function reauthenticate(
  prisma: Database,
  principal: HumanPrincipal,
  password: string,
): Promise<Result<{ readonly reauthAt: Date }, Refusal>> {
  const limits = [{ key: `reauth:${principal.id}`, limit: LIMIT }];
  if (!(await countAttempt(prisma, limits))) return err({ code: 'rate-limited' });
  if ((await readSignInRules(prisma)).passwords === 'off') return err({ code: 'passwords-off' });
  const person = await prisma.person.findUnique({ where: { id: principal.id } });
  if (!(await verifyPassword(person?.passwordHash ?? null, password))) {
    return err({ code: 'step-up-required', detail: 'The password is wrong.' });
  }
  await forgiveAttempt(prisma, limits);
  return ok({ reauthAt: await databaseNow(prisma) });
}

/**
 * The same, and the session remembers it for five minutes, under a new id.
 * Refuses a command line's session: it has no way to take the new id, and its token must not grow.
 */
export async function stepUpByPassword(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  password: string,
): Promise<Result<{ readonly reauthAt: Date; readonly sessionId: string }, Refusal>> {
  const proven = await reauthenticate(deps.prisma, principal, password);
  if (!proven.ok) return proven;
  const renewed = await withTx(deps.prisma, (tx) => renewSession(tx, deps.keys, principal, 'password'));
  return renewed === null
    ? err({ code: 'not-allowed', detail: 'Do this in the console: a command line cannot prove again who you are.' })
    : ok(renewed);
}
