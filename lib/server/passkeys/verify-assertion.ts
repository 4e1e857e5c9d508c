// Server-only.
import type { JsonObject } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readAssertion } from './browser-answer.ts';
import { burnChallenge, expectedChallenge, type StepUpPurpose } from './challenges.ts';
import { checkPasskey } from './check-passkey.ts';
import { relyingParty } from './relying-party.ts';

export type StepUpDeps = { readonly prisma: Database; readonly keys: Keys; readonly consoleUrl: string };
export type StepUpInput = {
  readonly personId: string;
  readonly purpose: StepUpPurpose;
  /** Made by `voteSubject`. */
  readonly subject: string;
  /** As the client sent it; absent is a refusal, never a pass. */
  readonly assertion: unknown;
};
export type StepUpRefusal = { readonly code: 'step-up-required' | 'step-up-failed' };

/**
 * Whether the person said exactly this with a passkey of theirs, just now; the evidence is what to keep beside the decision:
 * with it anybody can compute the challenge and check the signature again.
 *
 * The challenge must be one we handed out to this person for this purpose and subject, not run out and not answered before.
 * It is used up in a transaction of its own before anything is checked, so a refused assertion cannot be tried again (T14).
 * Refuses another person's passkey, another origin, missing user verification and a counter that did not grow. The caller
 * records the refusal. Assumes that the caller holds no lock: the challenge is used up on a second connection, and the one
 * waited for might be held by whoever waits for the lock.
 */
export async function verifyAssertion(
  tx: Tx,
  deps: StepUpDeps,
  input: StepUpInput,
): Promise<Result<{ readonly evidence: JsonObject }, StepUpRefusal>> {
  if (input.assertion === undefined || input.assertion === null) return err({ code: 'step-up-required' });
  const assertion = readAssertion(input.assertion);
  if (assertion === null) return failed;
  const used = await burnChallenge(deps.prisma, assertion.challenge);
  if (used === null || !used.live) return failed;
  if (used.person_id !== input.personId || used.purpose !== input.purpose || used.subject !== input.subject) {
    return failed;
  }
  // Not only by the stored row: what was signed must itself name this decision.
  const expected = expectedChallenge({ personId: input.personId, subject: input.subject, nonce: used.id });
  if (Buffer.from(expected).toString('base64url') !== assertion.challenge) return failed;
  const party = relyingParty(deps.consoleUrl);
  if (!party.ok) return failed;
  const proven = await checkPasskey(tx, { party: party.value, assertion, personId: input.personId });
  if (!proven.ok) return failed;
  const { clientDataJSON, authenticatorData, signature } = assertion.json.response;
  return ok({
    evidence: {
      v: 1,
      purpose: input.purpose,
      subject: input.subject,
      personId: input.personId,
      nonce: used.id,
      rpId: party.value.id,
      origin: party.value.origin,
      passkeyId: proven.value.id,
      credentialId: proven.value.credentialId,
      publicKey: Buffer.from(proven.value.publicKey).toString('base64url'),
      counter: proven.value.counter,
      clientDataJSON,
      authenticatorData,
      signature,
    },
  });
}

const failed = err({ code: 'step-up-failed' } as const);
