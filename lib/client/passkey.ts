// The browser's side of passkeys: our options in, the authenticator's answer out, every refusal a value.
import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser';
import { webauthnOptionsSchema } from '#lib/contracts/passkeys.ts';
import { err, ok } from '#lib/core/result.ts';
import { type ApiProblem, type ApiResult, api } from './api.ts';

/** What the authenticator answered, to be sent on as it is. */
export type PasskeyAnswer = Readonly<Record<string, unknown>>;

const NOT_SUPPORTED: ApiProblem = {
  type: 'urn:countersign:problem:passkey-unsupported',
  code: 'passkey-unsupported',
  status: 0,
  title: 'This browser cannot use passkeys here',
  detail: 'This browser cannot use passkeys here',
  next: 'Open the console by https or at localhost, in a current browser.',
};
const NOT_GIVEN: ApiProblem = {
  type: 'urn:countersign:problem:passkey-not-used',
  code: 'passkey-not-used',
  status: 0,
  title: 'No passkey was used',
  detail: 'The prompt was closed or ran out, or no passkey here belongs to this console.',
  next: 'Nothing happened. Try again when you have it at hand.',
};
const KNOWN_ALREADY: ApiProblem = {
  ...NOT_GIVEN,
  title: 'This passkey is here already',
  detail: 'This authenticator holds a passkey of yours for this console.',
  next: 'Use it, or add one on another device.',
};

/**
 * Asks the console for a challenge and the person for their passkey. The answer goes into the `assertion` of the write that
 * the challenge was made for. A prompt that is closed is a refusal like any other: nothing was sent.
 */
export async function askPasskey(path: string, body: unknown): Promise<ApiResult<PasskeyAnswer>> {
  if (!browserSupportsWebAuthn()) return err(NOT_SUPPORTED);
  const offered = await api.send('POST', path, body, webauthnOptionsSchema);
  if (!offered.ok) return offered;
  try {
    // Parse boundary: the options are the console's own, made by the library's other half.
    const optionsJSON = offered.value.options as unknown as PublicKeyCredentialRequestOptionsJSON;
    return ok({ ...(await startAuthentication({ optionsJSON })) });
  } catch {
    return err(NOT_GIVEN);
  }
}

/** Asks the console for the options of a new passkey, and the person's authenticator to make one. */
export async function makePasskey(path: string, body: unknown): Promise<ApiResult<PasskeyAnswer>> {
  if (!browserSupportsWebAuthn()) return err(NOT_SUPPORTED);
  const offered = await api.send('POST', path, body, webauthnOptionsSchema);
  if (!offered.ok) return offered;
  try {
    // Parse boundary: as above.
    const optionsJSON = offered.value.options as unknown as PublicKeyCredentialCreationOptionsJSON;
    return ok({ ...(await startRegistration({ optionsJSON })) });
  } catch (error) {
    // InvalidStateError: one of the credentials that the options exclude is on this authenticator.
    return err(error instanceof Error && error.name === 'InvalidStateError' ? KNOWN_ALREADY : NOT_GIVEN);
  }
}
