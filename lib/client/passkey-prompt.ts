// The prompt of a passkey: our options in, the authenticator's answer out, every refusal a value. Loaded by passkey.ts.
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
import type { PasskeyAnswer } from './passkey.ts';

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

/** Uses one. */
export async function getPasskey(path: string, body: unknown): Promise<ApiResult<PasskeyAnswer>> {
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

/** Makes one. */
export async function createPasskey(path: string, body: unknown): Promise<ApiResult<PasskeyAnswer>> {
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
