import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consistencyProof } from '#lib/core/audit/consistency.ts';
import { leafHash } from '#lib/core/audit/entry.ts';
import {
  appendLeaf,
  EMPTY_RANGE,
  inclusionProof,
  leafHashOf,
  rangeToBytes,
  rootFromLeaves,
} from '#lib/core/audit/merkle.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { nativeLeafHash, nativeSha256 } from './native-hash.ts';
import { consistencyPath, type HashSource, inclusionPath, rootAt } from './tree-reader.ts';
import { continueTree } from './tree-writer.ts';

const SIZE = 1100;
const leaves = Array.from({ length: SIZE }, (_, n) => leafHashOf(Buffer.from(`entry ${n}`), nativeSha256));

function storedTree(): HashSource {
  const kept = new Map<string, Uint8Array>();
  const tree = continueTree(0, new Uint8Array(0));
  for (const leaf of leaves) tree.append(leaf);
  for (const node of tree.takeNodes()) kept.set(`${node.level}:${node.index}`, node.hash);
  return async (level, from, past) => {
    if (level === 0) return leaves.slice(from, past);
    return Array.from({ length: past - from }, (_, at) => kept.get(`${level}:${from + at}`)).flatMap(
      (hash) => hash ?? [],
    );
  };
}

const hex = (hashes: readonly Uint8Array[] | null) => hashes?.map(toHex);

test('the native leaf hash is the core leaf hash, also of text beyond ASCII', () => {
  for (const text of ['', '{}', 'é\u0000😀', 'x'.repeat(5000)]) {
    assert.equal(toHex(nativeLeafHash(text)), toHex(leafHash(text)));
  }
});

test('the writer grows the same tree as the core, and goes on from its stored frontier', () => {
  let range = EMPTY_RANGE;
  let tree = continueTree(0, new Uint8Array(0));
  for (const [at, leaf] of leaves.entries()) {
    range = appendLeaf(range, leaf, nativeSha256);
    tree.append(leaf);
    if (at % 97 === 0) tree = continueTree(tree.size(), tree.frontier());
    assert.equal(toHex(tree.frontier()), toHex(rangeToBytes(range)));
  }
  assert.equal(toHex(tree.root()), toHex(rootFromLeaves(leaves, nativeSha256)));
});

test('a frontier that does not fit the size is refused', () => {
  assert.throws(() => continueTree(3, new Uint8Array(32)), /damaged/);
});

test('roots, inclusion and consistency proofs out of stored hashes equal those computed from all leaves', async () => {
  const source = storedTree();
  for (const size of [1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 1023, 1024, 1025, SIZE]) {
    const all = leaves.slice(0, size);
    assert.equal(toHex(await rootAt(source, size)), toHex(rootFromLeaves(all, nativeSha256)), `root at ${size}`);
    for (const seq of new Set([0, 1, Math.floor(size / 2), 255, 256, size - 2, size - 1])) {
      if (seq < 0 || seq >= size) continue;
      assert.deepEqual(hex(await inclusionPath(source, seq, size)), hex(inclusionProof(all, seq, nativeSha256)));
    }
    for (const earlier of new Set([0, 1, 2, 3, 100, 255, 256, 257, 512, size - 1, size])) {
      if (earlier < 0 || earlier > size) continue;
      const expected = hex(consistencyProof(all, earlier, nativeSha256));
      assert.deepEqual(hex(await consistencyPath(source, earlier, size)), expected, `${earlier} to ${size}`);
    }
  }
});

test('a hash that is missing from the store is an error, never a made-up proof', async () => {
  const source: HashSource = async (level, from, past) => (level === 0 ? leaves.slice(from, past) : []);
  await assert.rejects(rootAt(source, 600), /lacks/);
});
