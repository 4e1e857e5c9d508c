import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REDACTED, redactSpellings, spellingsOf, withoutPercent } from './redact.ts';

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

test('each spelling is the one that its writer makes, the longer ones first', () => {
  assert.deepEqual(spellingsOf(['\nab/c"']), [
    '%0Aab%2Fc%22',
    '0a61622f6322',
    '0A61622F6322',
    String.raw`\nab\/c\"`,
    String.raw`\nab/c\"`,
    'CmFiL2Mi',
    '\nab/c"',
  ]);
  const lengths = spellingsOf(['a-secret-of-some-length', 'another/one']).map((text) => text.length);
  assert.deepEqual(
    lengths,
    lengths.toSorted((a, b) => b - a),
  );
});

test('what is shorter than six characters is a common word, and base64 of less than eight says too little', () => {
  assert.deepEqual(spellingsOf(['12345', '']), []);
  assert.ok(spellingsOf(['123456']).includes('123456'));
  assert.ok(spellingsOf(['123456']).every((text) => text.length >= 6));
  assert.ok(spellingsOf(['123456']).includes('MTIzNDU2'));
});

test('base64 is looked for in all three alignments and both alphabets, without what neighbours share', () => {
  const secret = '>>>???>>>???';
  const found = spellingsOf([secret]);
  for (const before of ['', 'x', 'xy', 'xyz']) {
    for (const form of ['base64', 'base64url'] as const) {
      const text = Buffer.from(`${before}${secret}tail`).toString(form);
      assert.ok(
        found.some((spelling) => spelling.length >= 8 && text.includes(spelling)),
        `${before} ${form}`,
      );
    }
  }
});

test('escaped characters are read for comparing; a text in which nothing was found keeps its own', () => {
  const spellings = spellingsOf(['hunter22']);
  const escaped = (text: string) => [...text].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('');
  assert.equal(redactSpellings(`"${escaped('hunter22')}"`, spellings), `"${REDACTED}"`);
  const other = String.raw`"\u0068ello \u00e9 \u000a \n \u12"`;
  assert.equal(redactSpellings(other, spellings), other);
  const mixed = String.raw`"\u0022\u005c\u001f\u007e\u007f\n\q \u0068unter22 hunter22"`;
  assert.equal(redactSpellings(mixed, spellings), String.raw`"\"\\\u001f~\u007f\n\q ${REDACTED} ${REDACTED}"`);
});

test('percent signs before printable ASCII are read, in either case of letters, and no others', () => {
  assert.equal(withoutPercent('%2F%2f%7e%41%20'), '//~A ');
  assert.equal(withoutPercent('%0a%1F%80%c3%GG%2'), '%0a%1F%80%c3%GG%2');
});
