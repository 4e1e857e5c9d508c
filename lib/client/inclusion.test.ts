import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { checkpointText, formatNote, formatVerifierKey, keyIdOf } from '#lib/core/audit/checkpoint.ts';
import { leafHash } from '#lib/core/audit/entry.ts';
import { inclusionProof, rootFromLeaves } from '#lib/core/audit/merkle.ts';
import { toHex, utf8 } from '#lib/core/hash/bytes.ts';
import { openInclusion } from './inclusion.ts';
import type { CheckSignature } from './witness.ts';

const ORIGIN = 'test.example/log';
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
const check: CheckSignature = async (_key, message, signature) => verify(null, message, publicKey, signature);

const ENTRIES = ['{"a":1}', '{"b":2}', '{"c":3}', '{"d":4}', '{"e":5}'];
const LEAVES = ENTRIES.map((entry) => leafHash(entry));

function claimOf(index: number) {
  const text = checkpointText({ origin: ORIGIN, size: LEAVES.length, rootHash: rootFromLeaves(LEAVES) });
  const signature = new Uint8Array(sign(null, utf8(text), privateKey));
  const note = formatNote(text, { name: ORIGIN, keyId: keyIdOf(ORIGIN, raw), signature });
  const proof = (inclusionProof(LEAVES, index) ?? []).map((hash) => toHex(hash));
  return {
    entry: ENTRIES[index] ?? '',
    seq: String(index),
    proof: { leaf: toHex(LEAVES[index] ?? new Uint8Array()), size: String(LEAVES.length), proof },
    head: { note, vkey: formatVerifierKey(ORIGIN, raw), size: String(LEAVES.length) },
  };
}

describe('an entry checked in the browser', () => {
  it('stands in the signed log at its place', async () => {
    for (let i = 0; i < ENTRIES.length; i++) assert.equal((await openInclusion(claimOf(i), check)).kind, 'included');
  });
  it('is broken when its text was changed by one character', async () => {
    const claim = { ...claimOf(2), entry: '{"c":4}' };
    assert.equal((await openInclusion(claim, check)).kind, 'broken');
  });
  it('is broken when it claims another place', async () => {
    assert.equal((await openInclusion({ ...claimOf(2), seq: '3' }, check)).kind, 'broken');
  });
  it('is broken when the head is signed by somebody else', async () => {
    assert.equal((await openInclusion(claimOf(2), async () => false)).kind, 'broken');
  });
  it('is not vouched for where signatures cannot be checked', async () => {
    assert.equal((await openInclusion(claimOf(2), async () => null)).kind, 'cannot-check');
  });
});
