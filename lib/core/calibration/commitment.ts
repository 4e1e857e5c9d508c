import { canonicalJson } from '../json/canonical.ts';
import { chanceOf } from './schedule.ts';

/** What a commitment hides until the plant is judged. */
export type Sealed = {
  readonly plant: string;
  readonly callId: string;
  readonly pattern: string;
  readonly nonce: string;
};

/**
 * What the log says of a plant before anybody may know which request it is: a hash of it with a random nonce. Once it is
 * judged the log carries the nonce and the rest, so that anybody can check that the plant was one from the beginning.
 */
export function commitmentOf(sealed: Sealed, sha256Hex: (text: string) => string): string {
  const { plant, callId, pattern, nonce } = sealed;
  const call = chanceOf(callId);
  return sha256Hex(`countersign/calibration/v2\n${canonicalJson({ plant, call, pattern, nonce })}`);
}
