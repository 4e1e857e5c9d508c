import assert from 'node:assert/strict';
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { checkpointText, formatNote, formatVerifierKey, keyIdOf } from '#lib/core/audit/checkpoint.ts';
import { consistencyProof } from '#lib/core/audit/consistency.ts';
import { leafHashOf, rootFromLeaves } from '#lib/core/audit/merkle.ts';
import { toHex, utf8 } from '#lib/core/hash/bytes.ts';
import { type CheckSignature, type Memory, testify } from './witness.ts';

const ORIGIN = 'test.example/log';

function createLog() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32));
  const check: CheckSignature = async (key, message, signature) =>
    toHex(key) === toHex(raw) && verify(null, message, publicKey, signature);
  const head = (leaves: readonly Uint8Array[]) => {
    const text = checkpointText({ origin: ORIGIN, size: leaves.length, rootHash: rootFromLeaves(leaves) });
    const signature = new Uint8Array(sign(null, utf8(text), privateKey));
    return {
      note: formatNote(text, { name: ORIGIN, keyId: keyIdOf(ORIGIN, raw), signature }),
      vkey: formatVerifierKey(ORIGIN, raw),
      at: '2026-11-22T12:00:00.000Z',
    };
  };
  return { head, check };
}

const leavesOf = (...words: readonly string[]) => words.map((word) => leafHashOf(utf8(word)));
const prove = (leaves: readonly Uint8Array[]) => async (from: number) =>
  (consistencyProof(leaves, from) ?? []).map((hash) => toHex(hash));

async function remember(log: ReturnType<typeof createLog>, leaves: readonly Uint8Array[]): Promise<Memory> {
  const { keep } = await testify(log.head(leaves), null, log.check, async () => []);
  assert.ok(keep);
  return keep;
}

describe('the browser as a witness', () => {
  it('vouches for a log that grew from the one it remembers', async () => {
    const log = createLog();
    const memory = await remember(log, leavesOf('a', 'b', 'c'));
    const grown = leavesOf('a', 'b', 'c', 'd', 'e');
    const { testimony, keep } = await testify(log.head(grown), memory, log.check, prove(grown));
    assert.equal(testimony.kind, 'consistent');
    assert.equal(keep?.size, 5);
  });

  it('raises the alarm when an old entry was rewritten, and keeps its old memory', async () => {
    const log = createLog();
    const memory = await remember(log, leavesOf('a', 'b', 'c'));
    const forged = leavesOf('a', 'X', 'c', 'd', 'e');
    const { testimony, keep } = await testify(log.head(forged), memory, log.check, prove(forged));
    assert.equal(testimony.kind, 'alarm');
    assert.deepEqual(keep, memory);
  });

  it('raises the alarm when the same size has another root', async () => {
    const log = createLog();
    const memory = await remember(log, leavesOf('a', 'b', 'c'));
    const { testimony } = await testify(log.head(leavesOf('a', 'b', 'X')), memory, log.check, async () => []);
    assert.equal(testimony.kind, 'alarm');
  });

  it('raises the alarm when the log got shorter, as after restoring an old snapshot', async () => {
    const log = createLog();
    const memory = await remember(log, leavesOf('a', 'b', 'c'));
    const { testimony } = await testify(log.head(leavesOf('a', 'b')), memory, log.check, async () => []);
    assert.equal(testimony.kind, 'alarm');
  });

  it('raises the alarm when another key signs', async () => {
    const log = createLog();
    const memory = await remember(log, leavesOf('a', 'b'));
    const other = createLog();
    const grown = leavesOf('a', 'b', 'c');
    const { testimony } = await testify(other.head(grown), memory, other.check, prove(grown));
    assert.equal(testimony.kind, 'alarm');
  });

  it('raises the alarm when the signature does not fit the text', async () => {
    const log = createLog();
    const head = log.head(leavesOf('a', 'b'));
    const { testimony } = await testify(
      { ...head, note: head.note.replace('\n2\n', '\n3\n') },
      null,
      log.check,
      async () => [],
    );
    assert.equal(testimony.kind, 'alarm');
  });

  it('vouches for nothing where the browser cannot check signatures', async () => {
    const log = createLog();
    const { testimony, keep } = await testify(
      log.head(leavesOf('a')),
      null,
      async () => null,
      async () => [],
    );
    assert.equal(testimony.kind, 'cannot-check');
    assert.equal(keep, null);
  });
});
