import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { concat, fromBase64, fromHex, sameBytes, toBase64, toHex, utf8 } from './bytes.ts';
import { hmacSha256Hex, sha256, sha256Hex } from './sha256.ts';

test('the hash gives the published answers of FIPS 180-4', () => {
  assert.equal(sha256Hex(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  assert.equal(sha256Hex('abc'), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('the portable hash and the native one agree on any text and any bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), (text, bytes) => {
      assert.equal(sha256Hex(text), createHash('sha256').update(text, 'utf8').digest('hex'));
      assert.equal(toHex(sha256(bytes)), createHash('sha256').update(bytes).digest('hex'));
      assert.equal(hmacSha256Hex(bytes, text), createHmac('sha256', bytes).update(text, 'utf8').digest('hex'));
    }),
  );
});

test('hex and base64 come back as they were, in one spelling only', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      assert.deepStrictEqual(fromHex(toHex(bytes)), bytes);
      assert.equal(toBase64(bytes), Buffer.from(bytes).toString('base64'));
      assert.deepStrictEqual(fromBase64(toBase64(bytes)), bytes);
    }),
  );
  for (const text of ['A', 'AB', 'ABC', 'AB==C', 'AB=', 'QQ', 'QR==', 'Q Q=', '-_8=', '===='])
    assert.equal(fromBase64(text), null, text);
  for (const text of ['0', 'AA', '0x00', 'zz', ' 00']) assert.equal(fromHex(text), null, text);
});

test('bytes compare and join by content', () => {
  assert.equal(sameBytes(utf8('ab'), Uint8Array.of(97, 98)), true);
  assert.equal(sameBytes(utf8('ab'), utf8('ac')), false);
  assert.equal(sameBytes(utf8('ab'), utf8('abc')), false);
  assert.deepStrictEqual(concat(utf8('a'), utf8(''), utf8('bc')), utf8('abc'));
});
