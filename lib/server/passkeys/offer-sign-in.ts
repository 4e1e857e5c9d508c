// Server-only.
import { generateAuthenticationOptions, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { countAttempt } from '../auth/count-attempts.ts';
import { CHALLENGE_TTL_S, randomChallenge } from './challenges.ts';
import { relyingPartyAt } from './relying-party.ts';
import type { StepUpDeps } from './verify-assertion.ts';

const LIMIT = 100;

/**
 * What the sign-in page needs to ask for a passkey. It names no credentials: whoever asks is a stranger, and must not learn
 * who has an account here. The authenticator finds its passkey for this console by itself.
 */
export async function offerSignIn(
  deps: Pick<StepUpDeps, 'prisma' | 'consoleUrl'>,
  input: { readonly address: string; readonly host: string | null },
): Promise<Result<{ readonly options: PublicKeyCredentialRequestOptionsJSON }, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  if (!(await countAttempt(deps.prisma, [{ key: `passkey-offer:${input.address}`, limit: LIMIT }]))) {
    return err({ code: 'rate-limited' });
  }
  const options = await generateAuthenticationOptions({
    rpID: party.value.id,
    challenge: await randomChallenge(deps.prisma, { purpose: 'sign-in', personId: null, subject: '' }),
    timeout: CHALLENGE_TTL_S * 1000,
    userVerification: 'required',
  });
  return ok({ options });
}
