import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REDACTED, redactSpellings, spellingsOf } from './redact.ts';

const secrets = fc.string({
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789+/=._-"\\&% '),
  minLength: 12,
  maxLength: 60,
});

/** The ways in which servers write what they were sent. */
const SPELLINGS: readonly ((secret: string, before: string) => string)[] = [
  (secret, before) => before + secret,
  (secret, before) => JSON.stringify(before + secret),
  (secret, before) => encodeURIComponent(before + secret),
  (secret, before) => Buffer.from(before + secret).toString('base64'),
  (secret, before) => Buffer.from(before + secret).toString('base64url'),
  (secret, before) => Buffer.from(before + secret).toString('hex'),
  (secret, before) =>
    `"${[...before, ...secret].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`,
];

test('no spelling of a secret is left behind, wherever it begins in a longer text', () => {
  fc.assert(
    fc.property(secrets, fc.stringMatching(/^[a-z ]{0,5}$/), fc.constantFrom(...SPELLINGS), (secret, before, spell) => {
      const clean = redactSpellings(`error: ${spell(secret, before)} end`, spellingsOf([secret]));
      assert.ok(clean.includes(REDACTED), clean);
      // What is left must not give the middle of the secret back, in any of the spellings.
      const middle = secret.slice(3, -3);
      for (const look of SPELLINGS) {
        const spelled = look(middle, '');
        if (spelled.length >= 10) assert.ok(!clean.includes(spelled), `${spelled} in ${clean}`);
      }
    }),
  );
});

test('a text without the secret leaves byte for byte as it came', () => {
  const spellings = spellingsOf(['a-secret-of-some-length']);
  fc.assert(
    fc.property(fc.json(), (json) => {
      assert.equal(redactSpellings(json, spellings), json);
    }),
  );
});

test('what is taken out of JSON leaves JSON', () => {
  const spellings = spellingsOf(['sec"ret\\with/quotes']);
  const json = JSON.stringify({ message: 'you sent sec"ret\\with/quotes!' });
  assert.deepEqual(JSON.parse(redactSpellings(json, spellings)), { message: `you sent ${REDACTED}!` });
});
