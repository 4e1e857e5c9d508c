import { sameBytes } from '../hash/bytes.ts';
import { type Sha256, sha256 } from '../hash/sha256.ts';
import { nodeHash, rootFromLeaves, splitPoint } from './merkle.ts';

/**
 * The proof that the tree of the first `from` leaves is a prefix of the whole (RFC 6962 section 2.1.2); null when `from`
 * is not a size that this tree has had. The empty and the whole tree need no proof.
 */
export function consistencyProof(
  leaves: readonly Uint8Array[],
  from: number,
  hash: Sha256 = sha256,
): readonly Uint8Array[] | null {
  if (!Number.isInteger(from) || from < 0 || from > leaves.length) return null;
  if (from === 0 || from === leaves.length) return [];
  return subproof(leaves, from, true, hash);
}

function subproof(leaves: readonly Uint8Array[], from: number, complete: boolean, hash: Sha256): Uint8Array[] {
  if (from === leaves.length) return complete ? [] : [rootFromLeaves(leaves, hash)];
  const split = splitPoint(leaves.length);
  const left = leaves.slice(0, split);
  const right = leaves.slice(split);
  return from <= split
    ? [...subproof(left, from, complete, hash), rootFromLeaves(right, hash)]
    : [...subproof(right, from - split, false, hash), rootFromLeaves(left, hash)];
}

/**
 * Whether the later tree extends the earlier one without changing it (RFC 9162 section 2.1.4.2).
 *
 * A browser that remembers an old checkpoint runs this on load: an operator who rewrote history cannot make it pass.
 */
export function verifyConsistency(
  claim: {
    readonly fromSize: number;
    readonly fromRoot: Uint8Array;
    readonly toSize: number;
    readonly toRoot: Uint8Array;
    readonly proof: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): boolean {
  const { fromSize, fromRoot, toSize, toRoot, proof } = claim;
  if (!Number.isSafeInteger(fromSize) || !Number.isSafeInteger(toSize) || fromSize < 0 || fromSize > toSize)
    return false;
  if (fromSize === toSize) return proof.length === 0 && sameBytes(fromRoot, toRoot);
  if (fromSize === 0) return proof.length === 0 && sameBytes(fromRoot, hash(new Uint8Array(0)));
  // A tree of 2^k leaves is itself a node of the later tree, so its root is the implied first element.
  const path = isPowerOfTwo(fromSize) ? [fromRoot, ...proof] : proof;
  const first = path[0];
  if (first === undefined) return false;
  let fn = fromSize - 1;
  let sn = toSize - 1;
  while (fn % 2 === 1) {
    fn = (fn - 1) / 2;
    sn = Math.floor(sn / 2);
  }
  let earlier = first;
  let later = first;
  for (const sibling of path.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      earlier = nodeHash(sibling, earlier, hash);
      later = nodeHash(sibling, later, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      later = nodeHash(later, sibling, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && sameBytes(earlier, fromRoot) && sameBytes(later, toRoot);
}

function isPowerOfTwo(size: number): boolean {
  let rest = size;
  while (rest % 2 === 0) rest /= 2;
  return rest === 1;
}
