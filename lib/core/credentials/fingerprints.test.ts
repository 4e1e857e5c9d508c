import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { findSecret, fingerprintsOf, indexFingerprints, type MarkOf } from './fingerprints.ts';
import { spellingsOf } from './redact.ts';

const markOf: MarkOf = (text) => createHmac('sha256', 'key').update(text).digest('base64');
const indexOf = (secrets: Readonly<Record<string, string>>) =>
  indexFingerprints(
    Object.entries(secrets).map(([owner, secret]) => [fingerprintsOf(spellingsOf([secret]), markOf), owner] as const),
  );
const secrets = fc.string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' });

test('a secret is found wherever it stands, in each of its spellings, with its owner', () => {
  fc.assert(
    fc.property(fc.string(), secrets, fc.string(), secrets, fc.nat(), (before, secret, behind, other, which) => {
      fc.pre(!`${before}${secret}${behind}`.includes(other));
      const spellings = spellingsOf([secret]);
      const spelling = spellings[which % spellings.length] ?? secret;
      const found = findSecret(`${before}${spelling}${behind}`, indexOf({ a: secret }), markOf);
      assert.equal(found, 'a');
    }),
  );
});

test('what holds none of them is let by, also when it begins like one', () => {
  const index = indexOf({ a: 'sk-live-abcdefghijklmnop', b: 'hunter22' });
  for (const text of [
    '',
    'sk-l',
    'sk-live',
    'sk-live-abcdefghijklmno',
    'hunter2',
    'Hunter22',
    '{"query":"hunter 22"}',
  ]) {
    assert.equal(findSecret(text, index, markOf), null);
  }
  assert.equal(findSecret('{"q":"xhunter22x sk-live-abcdefghijklmnop"}', index, markOf), 'b');
  assert.equal(findSecret('hunter22', indexOf({}), markOf), null);
});

test('agrees with looking for each spelling in turn', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 6, maxLength: 8 });
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 3 }), fc.string({ unit: fc.constantFrom('a', 'b') }), (all, text) => {
      const index = indexFingerprints(all.map((one) => [fingerprintsOf([one], markOf), one] as const));
      const there = all.some((one) => text.includes(one));
      assert.equal(findSecret(text, index, markOf) !== null, there);
    }),
    { numRuns: 2000 },
  );
});

test('what is kept of a secret does not contain it', () => {
  const kept = JSON.stringify(fingerprintsOf(spellingsOf(['hunter22hunter22']), markOf));
  assert.equal(kept.includes('hunter'), false);
});

test('a text that only begins like many secrets, again and again, costs no keyed hash of each', () => {
  let asked = 0;
  const counting: MarkOf = (spelling) => {
    asked++;
    return markOf(spelling);
  };
  const secrets = Array.from({ length: 50 }, (_, at) => `github_pat_11ABCDEF0${at}aZ${(at * 7919).toString(36)}q`);
  const index = indexFingerprints(secrets.map((secret) => [fingerprintsOf([secret], markOf), secret] as const));
  assert.equal(findSecret('github'.repeat(2_000), index, counting), null);
  assert.ok(asked < 100, `${asked} keyed hashes`);
  assert.equal(findSecret(`${'github'.repeat(2_000)}${secrets[7]}`, index, counting), secrets[7]);
});
