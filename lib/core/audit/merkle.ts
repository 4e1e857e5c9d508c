import { concat, sameBytes } from '../hash/bytes.ts';
import { type Sha256, sha256 } from '../hash/sha256.ts';

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** RFC 6962 section 2.1 leaf hash: SHA-256(0x00 ‖ data). The prefix keeps a leaf from being read as an inner node. */
export function leafHashOf(data: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  return hash(concat(LEAF, data));
}

/** RFC 6962 section 2.1 inner node: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const joined = new Uint8Array(1 + left.length + right.length);
  joined.set(NODE, 0);
  joined.set(left, 1);
  joined.set(right, 1 + left.length);
  return hash(joined);
}

/**
 * The frontier of a tree: roots of its perfect subtrees, largest first, one per set bit of `size`. Immutable; `size` and
 * the concatenated hashes are all that a log needs to store in order to go on.
 */
export type CompactRange = { readonly size: number; readonly hashes: readonly Uint8Array[] };

/** The tree of no leaves. */
export const EMPTY_RANGE: CompactRange = { size: 0, hashes: [] };

/** The tree with one more leaf. Merges as many equal-sized subtrees as `size` has trailing one bits. */
export function appendLeaf(range: CompactRange, leaf: Uint8Array, hash: Sha256 = sha256): CompactRange {
  const hashes = range.hashes.slice();
  let node = leaf;
  for (let size = range.size; size % 2 === 1; size = (size - 1) / 2) {
    const left = hashes.pop();
    if (left === undefined) throw new TypeError('a compact range has fewer hashes than its size has bits');
    node = nodeHash(left, node, hash);
  }
  hashes.push(node);
  return { size: range.size + 1, hashes };
}

/** The Merkle tree hash of a range; of the empty tree it is SHA-256 of nothing (RFC 6962 section 2.1). */
export function rangeRoot(range: CompactRange, hash: Sha256 = sha256): Uint8Array {
  const last = range.hashes.at(-1);
  if (last === undefined) return hash(new Uint8Array(0));
  return range.hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right, hash), last);
}

/** Rebuilds a range from stored bytes, or null when their number does not fit the size. */
export function rangeFromBytes(size: number, bytes: Uint8Array): CompactRange | null {
  if (!Number.isSafeInteger(size) || size < 0 || bytes.length !== 32 * countBits(size)) return null;
  const hashes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 32) hashes.push(bytes.slice(at, at + 32));
  return { size, hashes };
}

/** The stored form of a range's hashes. */
export function rangeToBytes(range: CompactRange): Uint8Array {
  return concat(...range.hashes);
}

/** The root over leaf hashes. */
export function rootFromLeaves(leaves: Iterable<Uint8Array>, hash: Sha256 = sha256): Uint8Array {
  let range = EMPTY_RANGE;
  for (const leaf of leaves) range = appendLeaf(range, leaf, hash);
  return rangeRoot(range, hash);
}

/** The audit path of leaf `index` (RFC 6962 section 2.1.1), lowest sibling first; null when there is no such leaf. */
export function inclusionProof(
  leaves: readonly Uint8Array[],
  index: number,
  hash: Sha256 = sha256,
): readonly Uint8Array[] | null {
  if (!Number.isInteger(index) || index < 0 || index >= leaves.length) return null;
  const path: Uint8Array[] = [];
  let from = 0;
  let to = leaves.length;
  while (to - from > 1) {
    const split = from + splitPoint(to - from);
    const inLeft = index < split;
    path.push(rootFromLeaves(inLeft ? leaves.slice(split, to) : leaves.slice(from, split), hash));
    if (inLeft) to = split;
    else from = split;
  }
  return path.reverse();
}

/** Whether a leaf hash stands at `index` in the tree of this size and root (RFC 9162 section 2.1.3.2). */
export function verifyInclusion(
  claim: {
    readonly leaf: Uint8Array;
    readonly index: number;
    readonly size: number;
    readonly proof: readonly Uint8Array[];
    readonly root: Uint8Array;
  },
  hash: Sha256 = sha256,
): boolean {
  const { leaf, index, size, proof, root } = claim;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let node = leaf;
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(sibling, node, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn /= 2;
        sn = Math.floor(sn / 2);
      }
    } else {
      node = nodeHash(node, sibling, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && sameBytes(node, root);
}

/** The largest power of two below `size` (RFC 6962 section 2.1). Assumes size > 1. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function countBits(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
