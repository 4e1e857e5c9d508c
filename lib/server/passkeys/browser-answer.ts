// Server-only. What a browser sends after it asked an authenticator; every byte of it is attacker text.
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { z } from 'zod';

const base64url = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);
const credentialShape = { id: base64url(1_400), rawId: base64url(1_400), type: z.literal('public-key') };
const assertionSchema = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url(4_000),
    authenticatorData: base64url(4_000),
    signature: base64url(8_000),
    userHandle: base64url(100).nullish(),
  }),
});
const attestationSchema = z.object({
  ...credentialShape,
  response: z.object({
    clientDataJSON: base64url(4_000),
    attestationObject: base64url(64_000),
    transports: z.array(z.string().max(20)).max(10).optional(),
  }),
});
/** The parts of the client data that we look at before the signature over it is checked. */
const clientDataSchema = z.object({ challenge: base64url(200), crossOrigin: z.boolean().optional() });

export type Assertion = { readonly json: AuthenticationResponseJSON; readonly challenge: string };
export type Attestation = { readonly json: RegistrationResponseJSON; readonly challenge: string };

/** An authenticator's assertion with the challenge that it claims to answer; null for anything else. */
export function readAssertion(value: unknown): Assertion | null {
  const parsed = assertionSchema.safeParse(value);
  const challenge = parsed.success ? challengeIn(parsed.data.response.clientDataJSON) : null;
  if (!parsed.success || challenge === null) return null;
  const { userHandle, ...response } = parsed.data.response;
  const handle = userHandle === undefined || userHandle === null ? {} : { userHandle };
  return {
    json: { ...parsed.data, response: { ...response, ...handle }, clientExtensionResults: {} },
    challenge,
  };
}

/** An authenticator's new credential with the challenge that it claims to answer; null for anything else. */
export function readAttestation(value: unknown): Attestation | null {
  const parsed = attestationSchema.safeParse(value);
  const challenge = parsed.success ? challengeIn(parsed.data.response.clientDataJSON) : null;
  if (!parsed.success || challenge === null) return null;
  const { transports, ...response } = parsed.data.response;
  const known = transports === undefined ? {} : { transports };
  return {
    json: { ...parsed.data, response: { ...response, ...known }, clientExtensionResults: {} },
    challenge,
  };
}

/** Our pages are never framed (CSP), so an answer given inside somebody else's page was lured out there. */
function challengeIn(clientDataJson: string): string | null {
  let client: unknown;
  try {
    client = JSON.parse(Buffer.from(clientDataJson, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
  const parsed = clientDataSchema.safeParse(client);
  return parsed.success && parsed.data.crossOrigin !== true ? parsed.data.challenge : null;
}
