// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSignInRules } from '../sso/provider.ts';
import { countAttempt, forgiveAttempt } from './count-attempts.ts';
import { verifyPassword } from './password.ts';
import { openSession } from './sessions.ts';

export type SignInInput = {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string | null;
};
export type SignedIn = { readonly personId: string; readonly name: string; readonly sessionId: string };

/**
 * Guesses per quarter of an hour. The tight limit is per e-mail *and* address, so that a stranger cannot lock somebody
 * out with five wrong passwords; the wide ones stop a spread attack on one person and a spray from one address.
 */
function limitsFor(email: string, address: string) {
  return [
    { key: `sign-in:pair:${email}:${address}`, limit: 8 },
    { key: `sign-in:mail:${email}`, limit: 60 },
    { key: `sign-in:from:${address}`, limit: 100 },
  ];
}

/**
 * Proves a password and opens a new session.
 * Takes as long for an unknown e-mail as for a wrong password, and says the same about both. Every refusal that was
 * really checked is audited; attempts beyond the limit are refused unseen, so that a flood cannot fill the log.
 */
export async function signIn(
  deps: { readonly prisma: Database; readonly keys: Keys },
  input: SignInInput,
): Promise<Result<SignedIn, Refusal>> {
  const { prisma, keys } = deps;
  const limits = limitsFor(input.email, input.address);
  if (!(await countAttempt(prisma, limits))) return err({ code: 'rate-limited' });
  if ((await readSignInRules(prisma)).passwords === 'off') {
    // Refused before the work, and alike for everybody: it tells nothing about anybody.
    return err({ code: 'passwords-off' });
  }
  const person = await prisma.person.findUnique({ where: { email: input.email } });
  const active = person?.status === 'active' ? person : null;
  const proven = await verifyPassword(active?.passwordHash ?? null, input.password);
  if (!proven || active === null) {
    await withTx(prisma, (tx) =>
      recordEvent(tx, keys, {
        type: 'person.sign-in-failed',
        actor: { type: 'person', id: person?.id ?? 'unknown', name: input.email },
        detail: { address: input.address },
      }),
    );
    return err({ code: 'not-signed-in', detail: 'E-mail or password is wrong.' });
  }
  await forgiveAttempt(prisma, limits);
  return withTx(prisma, async (tx): Promise<Result<SignedIn, Refusal>> => {
    const { address, userAgent } = input;
    const session = await openSession(tx, { personId: active.id, userAgent, address, by: 'password' });
    await tx.$executeRaw`UPDATE people SET last_sign_in_at = clock_timestamp() WHERE id = ${active.id}::uuid`;
    await recordEvent(tx, keys, {
      type: 'person.signed-in',
      actor: { type: 'person', id: active.id, name: active.name },
      detail: { address, sessionId: session.id, method: 'password' },
    });
    return ok({ personId: active.id, name: active.name, sessionId: session.id });
  });
}
