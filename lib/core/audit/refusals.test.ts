import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportLines, LOG_NAME, sampleEntries, sampleSigner, verifyNatively } from '#tests/vectors/sample-log.ts';
import { concat, toBase64, toHex } from '../hash/bytes.ts';
import {
  checkpointText,
  formatNote,
  formatVerifierKey,
  keyIdOf,
  openCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  signatureToCheck,
} from './checkpoint.ts';
import { commit } from './entry.ts';
import { verifyExport } from './verify-export.ts';

const ROOT = new Uint8Array(32).fill(7);
const HEAD = { origin: LOG_NAME, size: 5, rootHash: ROOT };
const SIGNER = sampleSigner(1);
const NOTE = SIGNER.signNote(checkpointText(HEAD));
const LINES = exportLines(sampleEntries(6));
const reasonOf = (result: { ok: boolean; error?: { reason: string } }) => result.error?.reason ?? '';
const sentences = (lines: readonly string[], more: { checkpointNote?: string; vkey?: string } = {}) => {
  const verdict = verifyExport({ lines, ...more, verifySignature: verifyNatively });
  return verdict.kind === 'failed' ? verdict.findings.map(({ sentence }) => sentence) : [];
};

const THREE_LINES = 'The checkpoint is not origin, size and root on three lines.';
for (const [text, reason] of [
  ['', THREE_LINES],
  ['log\n5', THREE_LINES],
  [`log\n5\n${toBase64(ROOT)}`, THREE_LINES],
  ['log\n5\n\n', 'The checkpoint root is not 32 bytes of base64.'],
  [`log\n9007199254740993\n${toBase64(ROOT)}\n`, 'The checkpoint size is beyond 2^53-1.'],
] as const) {
  test(`${JSON.stringify(text)} is refused: ${reason}`, () => assert.equal(reasonOf(parseCheckpoint(text)), reason));
}

const key = new Uint8Array(32).fill(9);
const hexId = toHex(keyIdOf('k', key));
const encoded = (algorithm: number, bytes: Uint8Array) => toBase64(concat(Uint8Array.of(algorithm), bytes));
const NO_KEY = 'The verifier key is not name+id+key of an Ed25519 key.';
for (const [vkey, reason] of [
  ['', NO_KEY],
  [`+${hexId}+${encoded(1, key)}`, NO_KEY],
  [`a b+${hexId}+${encoded(1, key)}`, NO_KEY],
  [` k x+${hexId}+${encoded(1, key)}`, NO_KEY],
  [`k+xyz+${encoded(1, key)}`, NO_KEY],
  [`k+${hexId}+!`, NO_KEY],
  [`k+${hexId}`, NO_KEY],
  [`k+${hexId}+${encoded(2, key)}`, NO_KEY],
  [`k+${hexId}+${encoded(1, key.slice(1))}`, NO_KEY],
  [`k+${toHex(keyIdOf('other', key))}+${encoded(1, key)}`, 'The verifier key id does not belong to its key.'],
] as const) {
  test(`the verifier key ${JSON.stringify(vkey)} is refused: ${reason}`, () => {
    assert.equal(reasonOf(parseVerifierKey(vkey)), reason);
  });
}

test('a key whose base64 has plus signs, with spaces around it, is read', () => {
  const plus = new Uint8Array(32).fill(0xfb);
  const vkey = formatVerifierKey('k', plus);
  assert.match(vkey, /\+.*\+.*\+/);
  const read = parseVerifierKey(` ${vkey}\n`);
  assert.deepEqual(read.ok && read.value.publicKey, plus);
});

const line = (text: string) => `${checkpointText(HEAD)}\n${text}\n`;
const five = toBase64(new Uint8Array(5));
for (const [note, reason] of [
  ['no block', 'The note has no signature block.'],
  ['no block\n', 'The note has no signature block.'],
  [line(`\u2014 k ${five}`).slice(0, -1), 'The note has no signature block.'],
  [line(`x\u2014 k ${five}`), 'A signature line is malformed.'],
  [line(`\u2014 k ${five} x`), 'A signature line is malformed.'],
  [line(`\u2014 k ${toBase64(new Uint8Array(4))}`), 'A signature line is malformed.'],
  [line('\u2014 k A'), 'A signature line is malformed.'],
  [line(''), 'A signature line is malformed.'],
] as const) {
  test(`the note ${JSON.stringify(note.slice(-30))} is refused: ${reason}`, () => {
    assert.equal(reasonOf(parseNote(note)), reason);
  });
}

test('a signature of one byte is a signature, though never a valid one', () => {
  const parsed = parseNote(line(`\u2014 k ${five}`));
  assert.deepEqual(parsed.ok && parsed.value.signatures, [
    { name: 'k', keyId: new Uint8Array(4), signature: new Uint8Array(1) },
  ]);
});

test('a signature counts only under the name and the id of the key', () => {
  const mine = parseVerifierKey(SIGNER.vkey);
  assert.ok(mine.ok);
  const { name, keyId } = mine.value;
  const signature = new Uint8Array(64);
  for (const other of [
    { name: 'other', keyId, signature },
    { name, keyId: new Uint8Array(4), signature },
  ]) {
    const claim = signatureToCheck(formatNote(checkpointText(HEAD), other), SIGNER.vkey);
    assert.equal(reasonOf(claim), 'The note carries no signature of this key.');
  }
  assert.equal(
    reasonOf(openCheckpoint(NOTE, SIGNER.vkey, () => false)),
    'The signature under the checkpoint is not valid.',
  );
});

test('a salt that is not 32 bytes of hex is a bug, and says so', () => {
  assert.throws(() => commit('01', '{}'), { message: 'a commitment salt must be 32 bytes of lowercase hex' });
});

test('each finding says in one sentence what is wrong, entries first and in their order', () => {
  const [first = '', ...rest] = LINES;
  assert.deepEqual(sentences(['x', ...LINES]), ['Line 1 of the export cannot be read.']);
  assert.deepEqual(sentences([...LINES, first]), ['Line 8 of the export stands after the checkpoint.']);
  assert.deepEqual(sentences(LINES.toSpliced(2, 2)).slice(0, 1), [
    'Entries 2 to 3 are missing: the checkpoint covers 6 entries.',
  ]);
  assert.deepEqual(sentences(rest)[0], 'Entry 0 is missing: the checkpoint covers 6 entries.');
  assert.ok(sentences(rest).includes('The tree over these entries does not have the root that was signed.'));
  assert.ok(sentences([first, ...LINES]).includes('The export has 7 entries where the checkpoint covers 6.'));
  assert.deepEqual(sentences(LINES.slice(0, -1)), ['There is no signed checkpoint.']);
  const note: unknown = JSON.parse(LINES.at(-1) ?? '').checkpoint;
  assert.ok(typeof note === 'string');
  assert.deepEqual(sentences(LINES.slice(0, -1), { checkpointNote: note }), [
    'There is no public key to check the checkpoint with.',
  ]);
  assert.deepEqual(sentences(exportLines(['[]'])), ['Entry 0 is not a JSON object.']);
  const changed = LINES.with(1, (LINES[1] ?? '').replace('call.intent', 'call.intenT'));
  assert.deepEqual(sentences(changed), ['Entry 1 was changed: its bytes do not give its hash.']);
  const both = ['x', ...changed.with(4, (LINES[4] ?? '').replace('call.intent', 'call.intenT'))];
  assert.deepEqual(sentences(both), [
    'Entry 1 was changed: its bytes do not give its hash.',
    'Entry 4 was changed: its bytes do not give its hash.',
    'Line 1 of the export cannot be read.',
  ]);
});

test('a session that is broken says how', () => {
  const session = (link: object) => JSON.stringify({ session: link });
  assert.deepEqual(sentences(exportLines([session({ id: 1, seq: 1, prev: null })])), [
    'Entry 0 has a session without id, seq and prev.',
  ]);
  assert.deepEqual(sentences(exportLines([session({ id: 'a', seq: 4, prev: null })])), [
    'Entry 0 is number 4 of its session where number 1 was due.',
  ]);
  assert.deepEqual(sentences(exportLines([session({ id: 'a', seq: 1, prev: 'x' })])), [
    'Entry 0 does not follow the entry before it in its session.',
  ]);
});

test('the time of the last entry is the last one that is a text', () => {
  const verdict = verifyExport({
    lines: exportLines([JSON.stringify({ ts: 'one' }), JSON.stringify({ ts: 2 }), '{}']),
    verifySignature: verifyNatively,
  });
  assert.equal(verdict.kind === 'verified' && verdict.lastEntryAt, 'one');
});
