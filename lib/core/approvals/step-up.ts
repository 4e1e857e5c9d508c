import { concat, utf8 } from '../hash/bytes.ts';
import { type Sha256, sha256 } from '../hash/sha256.ts';

/** What a person is about to say with a passkey: about which record, in which exact form, and what. */
export type StepUpSubject = {
  /** The request, grant or person it is about. */
  readonly id: string;
  /** The digest that was on the screen. */
  readonly digest: string;
  readonly decision: string;
  /** Said alone, under an open emergency. */
  readonly breakGlass?: boolean | undefined;
  /** Said in this person's place. */
  readonly forPersonId?: string | undefined;
};

/**
 * The text by which a stored challenge knows what it was handed out for. Its word for the decision also names the manner,
 * so that a yes that was lured out as an ordinary one of many is none that decides alone or fills another's place.
 * Assumes parts without spaces or slashes: ids, hex digests and words of ours.
 */
export function voteSubject(subject: StepUpSubject): string {
  const { id, decision, digest, breakGlass, forPersonId } = subject;
  const alone = breakGlass === true ? '/break-glass' : '';
  const inPlaceOf = forPersonId === undefined ? '' : `/for:${forPersonId}`;
  return `${id} ${decision}${alone}${inPlaceOf} ${digest}`;
}

/** The parts of such a text, the decision with its manner as one word; null for any other text. */
export function readVoteSubject(text: string): Pick<StepUpSubject, 'id' | 'digest' | 'decision'> | null {
  const [id, decision, digest, ...rest] = text.split(' ');
  if (id === undefined || decision === undefined || digest === undefined || rest.length > 0) return null;
  return id === '' || decision === '' || digest === '' ? null : { id, decision, digest };
}

/**
 * The WebAuthn challenge of one vote: SHA-256 over the length-prefixed digest, decision, reviewer and nonce.
 *
 * What the authenticator signs is thereby this call, this decision and this person: an assertion that was lured out for one
 * vote is worthless for any other. Each part carries its length (32 bits, big endian), so that no two lists of parts run
 * together into the same bytes. The nonce makes two votes of the same kind two challenges.
 */
export function stepUpChallenge(
  parts: { readonly digest: string; readonly decision: string; readonly personId: string; readonly nonce: string },
  hash: Sha256 = sha256,
): Uint8Array {
  const { digest, decision, personId, nonce } = parts;
  return hash(concat(...[digest, decision, personId, nonce].flatMap(prefixed)));
}

function prefixed(part: string): readonly Uint8Array[] {
  const bytes = utf8(part);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return [length, bytes];
}
