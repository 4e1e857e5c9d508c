import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { leafHash } from '#lib/core/audit/entry.ts';
import { inclusionProof, rootFromLeaves } from '#lib/core/audit/merkle.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { sampleEntries } from '#tests/vectors/sample-log.ts';
import { judgeRows } from './check-rows.ts';

const ENTRIES = sampleEntries(50);
const LEAVES = ENTRIES.map((entry) => leafHash(entry));
const HEAD = { size: 50, root: toHex(rootFromLeaves(LEAVES)) };
const ROWS = ENTRIES.map((entry, seq) => rowOf(seq, entry));

function rowOf(seq: number, entry: string): AuditRow {
  const none = { callId: null, requestId: null, sessionId: null, agent: null, server: null, tool: null, actor: null };
  return { ...none, seq: String(seq), entry, at: '', type: '', leaf: '', decision: null, tier: null, sentence: '' };
}

/** What an honest server answers. */
function proofsOf(seqs: readonly number[]) {
  const hashes: string[] = [];
  const proofs = seqs.map((seq) => ({
    seq: String(seq),
    path: (inclusionProof(LEAVES, seq) ?? []).map((hash) => hashes.push(toHex(hash)) - 1),
  }));
  return { size: '50', hashes, proofs };
}
const ALL = proofsOf(ENTRIES.map((_, seq) => seq));
const judge = async (rows: readonly AuditRow[], answer = ALL, head = HEAD) => [
  ...(await judgeRows(rows, answer, head)).values(),
];

test('every row of an honest answer is proven', async () => {
  assert.deepEqual(
    await judge(ROWS),
    ROWS.map(() => 'proven'),
  );
});

test('a row is broken when its text, its number or its proof is another one', async () => {
  const row = rowOf(7, ENTRIES[7] ?? '');
  assert.deepEqual(await judge([row]), ['proven']);
  assert.deepEqual(await judge([{ ...row, entry: row.entry.replace('intent', 'intend') }]), ['broken']);
  assert.deepEqual(await judge([{ ...row, seq: '8' }]), ['broken']);
  const [first] = ALL.proofs;
  assert.deepEqual(await judge([row], { ...ALL, proofs: [{ seq: '7', path: first?.path ?? [] }] }), ['broken']);
  assert.deepEqual(await judge([row], { ...ALL, hashes: ALL.hashes.map(() => '0'.repeat(64)) }), ['broken']);
});

test('leaving the proof out, cutting it or naming hashes that are not there does not get rid of the mark', async () => {
  const row = rowOf(7, ENTRIES[7] ?? '');
  const proof = ALL.proofs[7] ?? { seq: '7', path: [] };
  for (const proofs of [
    [],
    [{ ...proof, path: [] }],
    [{ ...proof, path: proof.path.slice(1) }],
    [{ ...proof, path: [...proof.path, 9999] }],
    [{ ...proof, path: proof.path.map((place) => -place) }],
  ]) {
    assert.deepEqual(await judge([row], { ...ALL, proofs }), ['broken']);
  }
  assert.deepEqual(await judge([row], { ...ALL, hashes: ['no hash'] }), ['broken']);
});

test('against another root than was witnessed nothing holds', async () => {
  const row = rowOf(7, ENTRIES[7] ?? '');
  assert.deepEqual(await judge([row], ALL, { ...HEAD, root: '0'.repeat(64) }), ['broken']);
  assert.deepEqual(await judge([row], ALL, { ...HEAD, root: 'none' }), ['broken']);
});
