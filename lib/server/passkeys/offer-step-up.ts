// Server-only.
import { generateAuthenticationOptions, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { countAttempt } from '../auth/count-attempts.ts';
import { CHALLENGE_TTL_S, challengeFor, type StepUpPurpose } from './challenges.ts';
import { credentialsOf } from './list-passkeys.ts';
import { relyingPartyAt } from './relying-party.ts';
import type { StepUpDeps } from './verify-assertion.ts';

/** Challenges per person in a quarter of an hour: far more than anybody votes, too few to fill a table. */
const LIMIT = 300;

export type OfferedStepUp = { readonly options: PublicKeyCredentialRequestOptionsJSON };

/**
 * What the browser needs to ask the person for a passkey over one decision; the challenge is bound to it.
 * Refuses where browsers know no passkeys, and a person who has none, with the sentence what to do.
 */
export async function offerStepUp(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: { readonly purpose: StepUpPurpose; readonly subject: string; readonly host: string | null },
): Promise<Result<OfferedStepUp, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  if (!(await countAttempt(deps.prisma, [{ key: `challenge:${principal.id}`, limit: LIMIT }]))) {
    return err({ code: 'rate-limited' });
  }
  const known = await credentialsOf(deps.prisma, principal.id);
  if (known.length === 0) return err({ code: 'passkey-needed' });
  const { purpose, subject } = input;
  const options = await generateAuthenticationOptions({
    rpID: party.value.id,
    allowCredentials: known.map(({ id, transports }) => ({ id, transports })),
    challenge: await challengeFor(deps.prisma, { purpose, subject, personId: principal.id }),
    timeout: CHALLENGE_TTL_S * 1000,
    userVerification: 'required',
  });
  return ok({ options });
}
