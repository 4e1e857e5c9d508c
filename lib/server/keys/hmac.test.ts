import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { hmacSha256 } from './hmac.ts';
import { freshRandom } from './random-bytes.ts';

test('the HMAC is that of node:crypto for any key and any message', () => {
  const keys = fc.uint8Array({ maxLength: 64 });
  fc.assert(
    fc.property(keys, fc.oneof(fc.string({ unit: 'binary' }), fc.uint8Array()), (key, message) => {
      const expected = createHmac('sha256', key).update(message);
      const buffer = hmacSha256(key, message, 'buffer');
      assert.equal(buffer.toString('hex'), expected.digest('hex'));
      assert.equal(hmacSha256(key, message, 'hex'), buffer.toString('hex'));
    }),
  );
});

test('a key that the RFC would hash first is refused', () => {
  assert.throws(() => hmacSha256(new Uint8Array(65), '', 'hex'), RangeError);
});

test('random portions never repeat, across the ends of the pool too', () => {
  const seen = new Set(Array.from({ length: 5_000 }, () => freshRandom(12).toString('hex')));
  assert.equal(seen.size, 5_000);
  assert.equal(
    [...seen].some((portion) => /^0{12}|0{12}$/.test(portion)),
    false,
  );
});
