// Server-only. Proving again with a passkey that it is the same person: for whoever has no password here.
import { generateAuthenticationOptions, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { withTx } from '../db/tx.ts';
import { readAssertion } from '../passkeys/browser-answer.ts';
import { burnChallenge, CHALLENGE_TTL_S, randomChallenge } from '../passkeys/challenges.ts';
import { checkPasskey } from '../passkeys/check-passkey.ts';
import { credentialsOf } from '../passkeys/list-passkeys.ts';
import { relyingPartyAt } from '../passkeys/relying-party.ts';
import type { StepUpDeps } from '../passkeys/verify-assertion.ts';
import { countAttempt } from './count-attempts.ts';
import { renewSession } from './renew-session.ts';

const LIMIT = 60;

/**
 * What a browser needs to ask the person signed in for a passkey of theirs; the challenge is this session's alone.
 * Refuses where browsers know no passkeys, and a person who has none.
 */
export async function offerReauthentication(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  host: string | null,
): Promise<Result<{ readonly options: PublicKeyCredentialRequestOptionsJSON }, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  if (!(await mayTry(deps, principal))) return err({ code: 'rate-limited' });
  const known = await credentialsOf(deps.prisma, principal.id);
  if (known.length === 0) return err({ code: 'passkey-needed' });
  const options = await generateAuthenticationOptions({
    rpID: party.value.id,
    allowCredentials: known.map(({ id, transports }) => ({ id, transports })),
    challenge: await randomChallenge(deps.prisma, {
      purpose: 'reauth',
      personId: principal.id,
      subject: principal.sessionId,
    }),
    timeout: CHALLENGE_TTL_S * 1000,
    userVerification: 'required',
  });
  return ok({ options });
}

/**
 * Takes the passkey's answer as the proof that a password would be: the session goes on under a new id that remembers it
 * for five minutes. The authenticator has verified the person anew, so whoever borrows the browser does not pass.
 * Refuses an answer to a challenge that this very session was not given, another person's passkey, and a command line.
 */
export async function stepUpByPasskey(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: { readonly assertion: unknown; readonly host: string | null },
): Promise<Result<{ readonly reauthAt: Date; readonly sessionId: string }, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  if (!(await mayTry(deps, principal))) return err({ code: 'rate-limited' });
  const assertion = readAssertion(input.assertion);
  if (assertion === null) return err({ code: 'step-up-failed' });
  const used = await burnChallenge(deps.prisma, assertion.challenge);
  const ours = used?.live === true && used.purpose === 'reauth' && used.person_id === principal.id;
  if (!ours || used.subject !== principal.sessionId) return err({ code: 'step-up-failed' });
  return withTx(deps.prisma, async (tx): Promise<Result<{ reauthAt: Date; sessionId: string }, Refusal>> => {
    const proven = await checkPasskey(tx, { party: party.value, assertion, personId: principal.id });
    if (!proven.ok) return err({ code: 'step-up-failed' });
    const renewed = await renewSession(tx, deps.keys, principal, 'passkey');
    return renewed === null
      ? err({ code: 'not-allowed', detail: 'Do this in the console: a command line cannot prove again who you are.' })
      : ok(renewed);
  });
}

function mayTry({ prisma }: StepUpDeps, principal: HumanPrincipal): Promise<boolean> {
  return countAttempt(prisma, [{ key: `reauth-passkey:${principal.id}`, limit: LIMIT }]);
}
