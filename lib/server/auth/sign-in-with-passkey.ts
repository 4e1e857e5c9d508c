// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { withTx } from '../db/tx.ts';
import { readAssertion } from '../passkeys/browser-answer.ts';
import { burnChallenge } from '../passkeys/challenges.ts';
import { checkPasskey } from '../passkeys/check-passkey.ts';
import { relyingParty } from '../passkeys/relying-party.ts';
import type { StepUpDeps } from '../passkeys/verify-assertion.ts';
import { countAttempt, forgiveAttempt } from './count-attempts.ts';
import { openSession } from './sessions.ts';
import type { SignedIn } from './sign-in.ts';

const LIMIT = 60;

/**
 * Signs in whoever holds the passkey, and opens a new session.
 *
 * The passkey stands for e-mail and password together: it is something one has, opened by something one knows or is (user
 * verification is required). It does not count as the password where the password is asked for. Every refusal that was
 * really checked is audited.
 */
export async function signInWithPasskey(
  deps: StepUpDeps,
  input: { readonly assertion: unknown; readonly address: string; readonly userAgent: string | null },
): Promise<Result<SignedIn, Refusal>> {
  const { prisma, keys } = deps;
  const limits = [{ key: `passkey-in:${input.address}`, limit: LIMIT }];
  if (!(await countAttempt(prisma, limits))) return err({ code: 'rate-limited' });
  const party = relyingParty(deps.consoleUrl);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  const assertion = readAssertion(input.assertion);
  const used = assertion === null ? null : await burnChallenge(prisma, assertion.challenge);
  const ours = used?.live === true && used.purpose === 'sign-in';
  const signedIn = await withTx(prisma, async (tx): Promise<Result<SignedIn, Refusal>> => {
    const proven =
      assertion === null || !ours
        ? err({ why: 'another challenge' })
        : await checkPasskey(tx, { party: party.value, assertion, personId: null });
    if (!proven.ok) {
      await recordEvent(tx, keys, {
        type: 'person.sign-in-failed',
        actor: { type: 'person', id: 'unknown', name: 'passkey' },
        detail: { address: input.address, method: 'passkey', why: proven.error.why },
      });
      return err({ code: 'step-up-failed' });
    }
    const { personId, personName } = proven.value;
    const { address, userAgent } = input;
    const session = await openSession(tx, { personId, userAgent, address, by: 'passkey' });
    await tx.$executeRaw`UPDATE people SET last_sign_in_at = clock_timestamp() WHERE id = ${personId}::uuid`;
    await recordEvent(tx, keys, {
      type: 'person.signed-in',
      actor: { type: 'person', id: personId, name: personName },
      detail: { address: input.address, sessionId: session.id, method: 'passkey', passkey: proven.value.id },
    });
    return ok({ personId, name: personName, sessionId: session.id });
  });
  if (signedIn.ok) await forgiveAttempt(prisma, limits);
  return signedIn;
}
