import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { recogniseToken } from './known-tokens.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object) => `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}.${'A'.repeat(43)}`;

const sha512 = (text: string) => createHash('sha512').update(text).digest();

/** One of each kind, built here so that no text in the repository looks like a live token. */
const REFUSED: Readonly<Record<string, string>> = {
  'GitHub classic': `ghp_${'a1B2'.repeat(9)}`,
  'GitHub OAuth user': `gho_${'a1B2'.repeat(9)}`,
  'GitHub app user': `ghu_${'a1B2'.repeat(9)}`,
  'GitHub refresh': `ghr_${'a1B2'.repeat(9)}`,
  'Slack user': `xoxp-${'1234567890-'.repeat(3)}abcdef0123456789`,
  'Slack session': `xoxs-${'1234567890-'.repeat(3)}abcdef0123456789`,
  'Slack cookie': `xoxd-${'a1B2%2B'.repeat(5)}`,
  'Slack rotated user': `xoxe.xoxp-1-${'a1B2'.repeat(9)}`,
  GitLab: `glpat-${'a1B2c'.repeat(4)}`,
  'AWS key id': `AKIA${'ABCD2345'.repeat(2)}`,
  'AWS key pair': `AKIA${'ABCD2345'.repeat(2)}:${'wJalr/K7'.repeat(5)}`,
  'AWS in an environment': `AWS_ACCESS_KEY_ID=AKIA${'ABCD2345'.repeat(2)}`,
  Atlassian: `ATATT3x${'FfGF0_-a'.repeat(8)}=1A2B3C4D`,
  Linear: `lin_api_${'a1B2'.repeat(10)}`,
  'OpenAI user': `sk-${'a1B2'.repeat(12)}`,
  npm: `npm_${'a1B2'.repeat(9)}`,
  'our CLI session': `csh_${'a1B2'.repeat(10)}`,
  'our static agent token': `cs_${'a1B2'.repeat(10)}`,
  'our client secret': `css_${'a1B2'.repeat(10)}`,
  'an id token': jwt({ iss: 'https://idp', sub: '00u1', aud: 'app', email: 'ana@example.com' }),
  'an access token of a signed-in human': jwt({ sub: 'u1', azp: 'web', amr: ['pwd'], sid: 's' }),
  'a session cookie of a console': jwt({ sub: 'u1', sid: 's-1' }),
};

const PASSES: Readonly<Record<string, string>> = {
  'GitHub app installation': `ghs_${'a1B2'.repeat(9)}`,
  'Slack bot': `xoxb-${'1234567890-'.repeat(2)}abcdef`,
  'OpenAI service account': `sk-svcacct-${'a1B2'.repeat(12)}`,
  'OpenAI project': `sk-proj-${'a1B2'.repeat(12)}`,
  'a short-lived AWS key': `ASIA${'ABCD2345'.repeat(2)}`,
  'a token of a service': jwt({ sub: 'client-1', azp: 'client-1', scope: 'tools' }),
  'random text': 'q8fYx2-kLm93_ZpQ7.aa71',
};

test('tokens of people are refused, and each refusal says what to use instead', () => {
  for (const [name, secret] of Object.entries(REFUSED)) {
    const known = recogniseToken(secret);
    assert.equal(known?.verdict, 'refused', name);
    assert.ok((known?.instead.length ?? 0) > 15, name);
    assert.ok(!known?.instead.includes(secret), name);
  }
});

test('credentials of services pass', () => {
  for (const [name, secret] of Object.entries(PASSES)) assert.equal(recogniseToken(secret), null, name);
});

test('a fine-grained personal token is taken for a migration only', () => {
  assert.equal(recogniseToken(`github_pat_11${'A1b2_'.repeat(10)}`)?.verdict, 'migration');
});

test('no wrapping hides a person’s token: prefix, quotes, spaces, base64, user and password, JSON', () => {
  const wraps = fc.constantFrom<(token: string) => string>(
    (token) => `Bearer ${token}`,
    (token) => `bearer   ${token}`,
    (token) => `token ${token}`,
    (token) => `Authorization: Bearer ${token}`,
    (token) => `"${token}"`,
    (token) => ` ${token}\n`,
    (token) => Buffer.from(`x-access-token:${token}`).toString('base64'),
    (token) => `Basic ${Buffer.from(`ana:${token}`).toString('base64')}`,
    (token) => `ana:${token}`,
    (token) => JSON.stringify({ token }),
    (token) => `https://x-access-token:${token}@example.com/repo.git`,
    (token) => `https://${token}@example.com`,
    (token) => `token=${encodeURIComponent(token)}&x=1`,
    (token) => `x&token=${token}&y=2`,
    (token) => `(${token})`,
    (token) => `<${token}>`,
    (token) => `[${token}].`,
    (token) => `${token}.`,
    (token) => `${token}|x`,
    (token) => `user/${token}`,
    (token) => `${'word '.repeat(100)}${token}`,
    (token) => Buffer.from(JSON.stringify({ name: 'Ânne', token })).toString('base64'),
    (token) => Buffer.from(Buffer.from(`u:${token}`).toString('base64')).toString('base64'),
    (token) => `user/${Buffer.from(`u:${token}`).toString('base64')}`,
    (token) =>
      (
        Buffer.from(`ana:${token}`)
          .toString('base64')
          .match(/.{1,40}/g) ?? []
      ).join('\n'),
    (token) => Buffer.from(token).toString('hex'),
  );
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(REFUSED)), wraps, (token, wrap) => {
      assert.equal(recogniseToken(wrap(token))?.verdict, 'refused', wrap(token));
    }),
    { numRuns: 3_000 },
  );
});

test('any text is judged without failing, and the judgement never quotes it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const known = recogniseToken(text);
      if (known !== null && text.length > 24) assert.ok(!JSON.stringify(known).includes(text));
    }),
  );
});

test('claims that are no object, too large or not JSON are not taken for a human’s', () => {
  for (const claims of ['null', '[]', '"x"', '{"email":']) {
    const token = `${encode({ alg: 'none' })}.${Buffer.from(claims).toString('base64url')}.AA`;
    assert.equal(recogniseToken(token), null, claims);
  }
});

test('ordinary random secrets are not taken for tokens of people', () => {
  for (let n = 0; n < 10_000; n++) {
    const bytes = Buffer.concat([sha512(`a${n}`), sha512(`b${n}`)]).subarray(0, 32 + (n % 33));
    const encodings = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
    const secret = encodings[n % 3] ?? '';
    assert.equal(recogniseToken(secret), null, secret);
  }
});

test('what is refused counts before what is lent', () => {
  const lent = `github_pat_11${'A1b2_'.repeat(10)}`;
  assert.equal(recogniseToken(`${lent} ghp_${'a1B2'.repeat(9)}`)?.verdict, 'refused');
});
