// Server-only. Grows the log's Merkle tree in memory and says which inner nodes to keep.
import { type CompactRange, nodeHash, rangeFromBytes, rangeRoot } from '#lib/core/audit/merkle.ts';
import { concat } from '#lib/core/hash/bytes.ts';
import { nativeSha256 } from './native-hash.ts';

/** Roots of perfect subtrees are kept at levels 8, 16, 24, …: one row for 256 hashes of the level below. */
export const LEVELS_A_ROW = 8;

export type TreeNode = { readonly level: number; readonly index: number; readonly hash: Uint8Array };

export type TreeWriter = {
  readonly size: () => number;
  readonly root: () => Uint8Array;
  /** What `audit_head.frontier` stores. */
  readonly frontier: () => Uint8Array;
  readonly append: (leaf: Uint8Array) => void;
  /** The kept nodes completed since the last call. */
  readonly takeNodes: () => readonly TreeNode[];
};

/**
 * Continues a tree from its stored frontier. The sequencer throws the writer away when its transaction fails, so it may
 * change in place. Throws when frontier and size disagree: somebody edited audit_head, and going on would fork the log.
 */
export function continueTree(size: number, frontier: Uint8Array): TreeWriter {
  const stored = rangeFromBytes(size, frontier);
  if (stored === null) throw new Error(`audit_head is damaged: its frontier does not fit a log of ${size} entries`);
  const hashes = [...stored.hashes];
  let count = size;
  let nodes: TreeNode[] = [];
  const range = (): CompactRange => ({ size: count, hashes });
  return {
    size: () => count,
    root: () => rangeRoot(range(), nativeSha256),
    frontier: () => concat(...hashes),
    append(leaf) {
      let node = leaf;
      let level = 0;
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
        const left = hashes.pop();
        if (left === undefined) throw new Error('a frontier has fewer hashes than its size has bits');
        node = nodeHash(left, node, nativeSha256);
        level += 1;
        if (level % LEVELS_A_ROW === 0) nodes.push({ level, index: Math.floor(count / 2 ** level), hash: node });
      }
      hashes.push(node);
      count += 1;
    },
    takeNodes() {
      const taken = nodes;
      nodes = [];
      return taken;
    },
  };
}
