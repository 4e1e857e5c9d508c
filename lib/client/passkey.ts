// The browser's side of passkeys, whose code no page needs to be read.
import { err } from '#lib/core/result.ts';
import type { ApiProblem, ApiResult } from './api.ts';
import { atRest } from './at-rest.ts';

/** What the authenticator answered, to be sent on as it is. */
export type PasskeyAnswer = Readonly<Record<string, unknown>>;

const NOT_ARRIVED: ApiProblem = {
  type: 'urn:countersign:problem:unreachable',
  code: 'unreachable',
  status: 0,
  title: 'The code for passkeys did not arrive',
  detail: 'The console did not answer when this page asked for it.',
  next: 'Nothing happened. Check the connection, then try again.',
};

// It comes when a page that may ask has come to rest, so that a press need not wait; where it did not, the press asks again.
const load = () => import('./passkey-prompt.ts').catch(() => null);
atRest(() => void load());

/**
 * Asks the console for a challenge and the person for their passkey. The answer goes into the `assertion` of the write that
 * the challenge was made for. A prompt that is closed is a refusal like any other: nothing was sent.
 */
export async function askPasskey(path: string, body: unknown): Promise<ApiResult<PasskeyAnswer>> {
  const prompt = await load();
  return prompt === null ? err(NOT_ARRIVED) : prompt.getPasskey(path, body);
}

/** Asks the console for the options of a new passkey, and the person's authenticator to make one. */
export async function makePasskey(path: string, body: unknown): Promise<ApiResult<PasskeyAnswer>> {
  const prompt = await load();
  return prompt === null ? err(NOT_ARRIVED) : prompt.createPasskey(path, body);
}
