import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import vectors from '#tests/vectors/rfc6962.json' with { type: 'json' };
import { toHex, utf8 } from '../hash/bytes.ts';
import { consistencyProof, verifyConsistency } from './consistency.ts';
import {
  appendLeaf,
  EMPTY_RANGE,
  inclusionProof,
  leafHashOf,
  nodeHash,
  rangeFromBytes,
  rangeRoot,
  rangeToBytes,
  rootFromLeaves,
  verifyInclusion,
} from './merkle.ts';

const SIZES = 130;
const LEAVES = Array.from({ length: SIZES }, (_, i) => leafHashOf(utf8(`entry ${i}`)));
const ROOTS = Array.from({ length: SIZES + 1 }, (_, size) => rootFromLeaves(LEAVES.slice(0, size)));
const rootAt = (size: number) => ROOTS[size] ?? new Uint8Array(0);
const leafAt = (index: number) => LEAVES[index] ?? new Uint8Array(0);

test('the roots over the well-known RFC 6962 leaves are the published ones', () => {
  const leaves = vectors.leaves.map((hex) => leafHashOf(new Uint8Array(Buffer.from(hex, 'hex'))));
  assert.equal(toHex(rootFromLeaves([])), vectors.emptyRoot);
  vectors.roots.forEach((root, i) => {
    assert.equal(toHex(rootFromLeaves(leaves.slice(0, i + 1))), root);
  });
});

test('the frontier gives the root of the recursive definition, at every size', () => {
  const recursive = (leaves: readonly Uint8Array[]): Uint8Array => {
    const [only] = leaves;
    if (only === undefined) return new Uint8Array(createHash('sha256').digest());
    if (leaves.length === 1) return only;
    const split = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
    return nodeHash(recursive(leaves.slice(0, split)), recursive(leaves.slice(split)));
  };
  for (let size = 0; size <= SIZES; size++) assert.deepStrictEqual(rootAt(size), recursive(LEAVES.slice(0, size)));
});

test('a frontier that was stored and read back goes on as if nothing had happened', () => {
  let range = EMPTY_RANGE;
  for (const leaf of LEAVES) {
    const stored = rangeFromBytes(range.size, rangeToBytes(range));
    assert.deepStrictEqual(stored, range);
    range = appendLeaf(stored ?? EMPTY_RANGE, leaf);
    assert.deepStrictEqual(rangeRoot(range), rootAt(range.size));
  }
});

test('a stored frontier whose length does not fit its size is refused', () => {
  for (const [size, hashes] of [
    [3, 1],
    [3, 3],
    [4, 2],
    [0, 1],
    [-1, 0],
    [1.5, 1],
  ] as const) {
    assert.equal(rangeFromBytes(size, new Uint8Array(hashes * 32)), null);
  }
  assert.equal(rangeFromBytes(1, new Uint8Array(31)), null);
  assert.throws(() => appendLeaf({ size: 1, hashes: [] }, leafAt(0)), TypeError);
});

test('appending leaves the range before as it was', () => {
  const before = appendLeaf(EMPTY_RANGE, leafAt(0));
  const copy = structuredClone(before);
  appendLeaf(before, leafAt(1));
  assert.deepStrictEqual(before, copy);
});

test('every leaf of every tree proves its place, and no other place, size, leaf or root', () => {
  for (let size = 1; size <= SIZES; size += size < 20 ? 1 : 11) {
    const leaves = LEAVES.slice(0, size);
    for (let index = 0; index < size; index++) {
      const proof = inclusionProof(leaves, index) ?? [];
      const claim = { leaf: leafAt(index), index, size, proof, root: rootAt(size) };
      assert.equal(verifyInclusion(claim), true, `${index} of ${size}`);
      assert.equal(
        verifyInclusion({ ...claim, leaf: leafAt(SIZES - 1 - index === index ? 0 : SIZES - 1 - index) }),
        false,
      );
      assert.equal(verifyInclusion({ ...claim, root: rootAt(size - 1) }), false);
      if (size > 1) assert.equal(verifyInclusion({ ...claim, index: (index + 1) % size }), false);
      assert.equal(verifyInclusion({ ...claim, proof: [...proof, leafAt(0)] }), false);
      if (proof.length > 0) assert.equal(verifyInclusion({ ...claim, proof: proof.slice(1) }), false);
    }
  }
});

test('a place that the tree does not have has no proof and verifies nowhere', () => {
  for (const index of [-1, 3, 0.5, Number.NaN]) {
    assert.equal(inclusionProof(LEAVES.slice(0, 3), index), null);
    assert.equal(verifyInclusion({ leaf: leafAt(0), index, size: 3, proof: [], root: leafAt(0) }), false);
  }
  assert.equal(verifyInclusion({ leaf: leafAt(0), index: 0, size: Number.NaN, proof: [], root: leafAt(0) }), false);
});

test('every earlier tree proves that the later one extends it, and no rewritten one does', () => {
  for (let to = 0; to <= SIZES; to += to < 20 ? 1 : 11) {
    const leaves = LEAVES.slice(0, to);
    for (let from = 0; from <= to; from++) {
      const proof = consistencyProof(leaves, from) ?? [];
      const claim = { fromSize: from, fromRoot: rootAt(from), toSize: to, toRoot: rootAt(to), proof };
      assert.equal(verifyConsistency(claim), true, `${from} to ${to}`);
      const rewritten = leafHashOf(utf8(`rewritten ${from}`));
      assert.equal(verifyConsistency({ ...claim, fromRoot: rewritten }), false, `rewritten ${from} to ${to}`);
      if (from > 0) assert.equal(verifyConsistency({ ...claim, toRoot: rewritten }), false);
      assert.equal(verifyConsistency({ ...claim, proof: [...proof, leafAt(0)] }), false);
      if (proof.length > 0) assert.equal(verifyConsistency({ ...claim, proof: proof.slice(0, -1) }), false);
    }
  }
});

test('a log cannot shrink, and sizes that are no sizes prove nothing', () => {
  assert.equal(consistencyProof(LEAVES, SIZES + 1), null);
  assert.equal(consistencyProof(LEAVES, -1), null);
  assert.equal(consistencyProof(LEAVES, 1.5), null);
  for (const [fromSize, toSize] of [
    [5, 4],
    [-1, 4],
    [Number.NaN, 4],
    [1, Number.NaN],
  ] as const) {
    assert.equal(verifyConsistency({ fromSize, toSize, fromRoot: rootAt(4), toRoot: rootAt(4), proof: [] }), false);
  }
});

test('one flipped bit anywhere in a proof breaks it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: SIZES }), fc.nat(), fc.nat(), fc.nat(255), (size, at, place, bit) => {
      const index = at % size;
      const proof = (inclusionProof(LEAVES.slice(0, size), index) ?? []).map((hash) => hash.slice());
      const target = proof[place % proof.length];
      if (target === undefined) return;
      target[bit >> 3] = (target[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.equal(verifyInclusion({ leaf: leafAt(index), index, size, proof, root: rootAt(size) }), false);
    }),
  );
});
