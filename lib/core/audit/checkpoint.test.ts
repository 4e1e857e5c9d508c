import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOG_NAME, sampleSigner, verifyNatively } from '#tests/vectors/sample-log.ts';
import { toBase64, toHex } from '../hash/bytes.ts';
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

// The example key and note of the signed-note format's first implementation (package note of the Go project).
const PUBLISHED_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PUBLISHED_NOTE =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const ROOT = new Uint8Array(32).fill(7);
const HEAD = { origin: LOG_NAME, size: 20852163, rootHash: ROOT };
const SIGNER = sampleSigner(1);
const NOTE = SIGNER.signNote(checkpointText(HEAD));

test('a note that others published verifies with the key that they published', () => {
  const claim = signatureToCheck(PUBLISHED_NOTE, PUBLISHED_KEY);
  assert.ok(claim.ok);
  assert.equal(verifyNatively(claim.value.publicKey, claim.value.message, claim.value.signature), true);
});

test('a published key is read and written in the same form', () => {
  const key = parseVerifierKey(PUBLISHED_KEY);
  assert.ok(key.ok);
  assert.equal(key.value.name, 'PeterNeumann');
  assert.equal(toHex(keyIdOf(key.value.name, key.value.publicKey)), 'c74f20a3');
  assert.equal(formatVerifierKey(key.value.name, key.value.publicKey), PUBLISHED_KEY);
});

test('a checkpoint is origin, size and root, each on its line, and comes back', () => {
  assert.equal(checkpointText(HEAD), `${LOG_NAME}\n20852163\n${toBase64(ROOT)}\n`);
  assert.deepStrictEqual(parseCheckpoint(checkpointText(HEAD)), { ok: true, value: HEAD });
  assert.deepStrictEqual(parseCheckpoint(`${checkpointText(HEAD)}extension\n`), { ok: true, value: HEAD });
});

const root = toBase64(ROOT);
for (const [name, text] of [
  ['without an origin', `\n5\n${root}\n`],
  ['with a zero in front of the size', `log\n05\n${root}\n`],
  ['with a negative size', `log\n-5\n${root}\n`],
  ['with a size beyond 2^53-1', `log\n9999999999999999\n${root}\n`],
  ['with a short root', `log\n5\n${toBase64(ROOT.slice(1))}\n`],
  ['with a root that is not base64', 'log\n5\n!\n'],
  ['without the last newline', `log\n5\n${root}`],
] as const) {
  test(`a checkpoint ${name} is refused`, () => assert.equal(parseCheckpoint(text).ok, false));
}

test('a checkpoint opens with the key that signed it', () => {
  assert.deepStrictEqual(openCheckpoint(NOTE, SIGNER.vkey, verifyNatively), { ok: true, value: HEAD });
});

test('a checkpoint does not open when size, root, origin or signature were changed', () => {
  const stranger = sampleSigner(2);
  for (const note of [
    NOTE.replace('20852163', '20852164'),
    NOTE.replace(root, toBase64(new Uint8Array(32))),
    NOTE.replace(`${LOG_NAME}\n`, 'other.test/log\n'),
    stranger.signNote(checkpointText(HEAD)),
    sampleSigner(1, 'other.test/log').signNote(checkpointText(HEAD)),
  ]) {
    const opened = openCheckpoint(note, SIGNER.vkey, verifyNatively);
    assert.equal(opened.ok ? '' : opened.error.code, 'bad-signature', note);
  }
});

test('a stranger under the right name and key id is refused by the signature itself', () => {
  const key = parseVerifierKey(SIGNER.vkey);
  assert.ok(key.ok);
  const text = checkpointText({ ...HEAD, size: 1 });
  const forged = formatNote(text, { name: LOG_NAME, keyId: key.value.keyId, signature: new Uint8Array(64) });
  const opened = openCheckpoint(forged, SIGNER.vkey, verifyNatively);
  assert.equal(opened.ok ? '' : opened.error.code, 'bad-signature');
});

test('other signatures on the note do not disturb ours', () => {
  const parsed = parseNote(NOTE);
  const strangers = parseNote(sampleSigner(2, 'witness.test').signNote(checkpointText(HEAD)));
  assert.ok(parsed.ok && strangers.ok);
  const both = formatNote(checkpointText(HEAD), ...strangers.value.signatures, ...parsed.value.signatures);
  assert.equal(openCheckpoint(both, SIGNER.vkey, verifyNatively).ok, true);
});

for (const [name, note] of [
  ['without a signature block', checkpointText(HEAD)],
  ['cut in its signature', NOTE.slice(0, -10)],
  ['with a plain hyphen for the dash', NOTE.replace('\u2014', '-')],
  ['with a signature that is not base64', NOTE.replace(/ [A-Za-z0-9+/=]+\n$/, ' A\n')],
  ['empty', ''],
] as const) {
  test(`a note ${name} is malformed`, () => {
    const opened = openCheckpoint(note, SIGNER.vkey, verifyNatively);
    assert.equal(opened.ok ? '' : opened.error.code, 'malformed');
  });
}

for (const [name, vkey] of [
  ['of another algorithm', `log+c74f20a3+${toBase64(new Uint8Array(33).fill(4))}`],
  ['of the wrong length', `log+c74f20a3+${toBase64(new Uint8Array(32).fill(1))}`],
  ['whose id belongs to another key', PUBLISHED_KEY.replace('c74f20a3', 'c74f20a4')],
  ['with a space in its name', PUBLISHED_KEY.replace('Peter', 'Peter ')],
  ['that is empty', ''],
] as const) {
  test(`a verifier key ${name} is refused`, () => {
    assert.equal(parseVerifierKey(vkey).ok, false);
    assert.equal(openCheckpoint(NOTE, vkey, () => true).ok, false);
  });
}
