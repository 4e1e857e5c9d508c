import { parseCheckpoint, signatureToCheck } from '#lib/core/audit/checkpoint.ts';
import { leafHash } from '#lib/core/audit/entry.ts';
import { verifyInclusion } from '#lib/core/audit/merkle.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { type CheckSignature, hashFrom } from './witness.ts';

export type Inclusion =
  | { readonly kind: 'included'; readonly size: string }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'cannot-check'; readonly reason: string };

type Claim = {
  readonly entry: string;
  readonly seq: string;
  readonly proof: { readonly leaf: string; readonly size: string; readonly proof: readonly string[] };
  readonly head: { readonly note: string; readonly vkey: string; readonly size: string };
};

/**
 * Whether an entry's text is in the log that the key signed: its leaf is the hash of exactly this text, the path leads to
 * the root, and the root stands under the signature. Assumes that proof and head are of the same size.
 */
export async function openInclusion(claim: Claim, checkSignature: CheckSignature): Promise<Inclusion> {
  const broken = (reason: string): Inclusion => ({ kind: 'broken', reason });
  const leaf = leafHash(claim.entry);
  if (toHex(leaf) !== claim.proof.leaf) {
    return broken('The text shown is not the one whose hash is in the log.');
  }
  const signed = signatureToCheck(claim.head.note, claim.head.vkey);
  if (!signed.ok) return broken(signed.error.reason);
  const { text, publicKey, message, signature } = signed.value;
  const verdict = await checkSignature(publicKey, message, signature);
  if (verdict === null) return { kind: 'cannot-check', reason: 'This browser cannot check Ed25519 signatures here.' };
  if (!verdict) return broken("The signature under the checkpoint is not the log key's.");
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint.ok) return broken(checkpoint.error.reason);
  const path = claim.proof.proof.map(hashFrom);
  const whole = path.flatMap((hash) => (hash === null ? [] : [hash]));
  const { size, rootHash } = checkpoint.value;
  const holds =
    whole.length === path.length &&
    String(size) === claim.proof.size &&
    verifyInclusion({ leaf, index: Number(claim.seq), size, proof: whole, root: rootHash });
  return holds ? { kind: 'included', size: String(size) } : broken('The path does not lead to the signed root.');
}
