import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseToken } from './known-tokens.ts';

/** So many characters of hex, digits, letters: built here, so that no text in the repository looks like a live token. */
const hex = (count: number) => 'a1'.repeat(count).slice(0, count);
const digits = (count: number) => '4711'.repeat(count).slice(0, count);
const mixed = (count: number) => 'a1B2'.repeat(count).slice(0, count);

type Row = readonly [
  name: string,
  verdict: 'refused' | 'migration',
  instead: string,
  taken: readonly string[],
  passed: readonly string[],
];
const FORMATS: readonly Row[] = [
  [
    'GitHub fine-grained personal token',
    'migration',
    'Use a GitHub App with a key of its own.',
    [`github_pat_${mixed(20)}`, `github_pat_${'_'.repeat(20)}`],
    [`github_pat_${mixed(19)}`, `xgithub_pat_${mixed(20)}`],
  ],
  [
    'GitHub personal or user token',
    'refused',
    'Use a GitHub App, or for a while a fine-grained token (github_pat_) with few permissions.',
    ['p', 'o', 'u', 'r'].map((kind) => `gh${kind}_${mixed(16)}`),
    [`ghs_${mixed(16)}`, `ghp_${mixed(15)}`],
  ],
  [
    'Slack user token',
    'refused',
    'Use the bot token (xoxb-) of a Slack app.',
    ['xoxp', 'xoxs', 'xoxd', 'xoxr', 'xoxe', 'xoxc', 'xoxe.xoxp'].map((kind) => `${kind}-${mixed(6)}`),
    [`xoxb-${mixed(6)}`, `xoxp-${mixed(5)}`],
  ],
  [
    'GitLab personal token',
    'refused',
    'Use a group or project service account, or OAuth client credentials.',
    [`glpat-${mixed(10)}`, `gloas-${mixed(10)}`],
    [`glpat-${mixed(9)}`, `glrt-${mixed(10)}`],
  ],
  [
    'AWS access key of a user',
    'refused',
    'Use a role: its keys are short-lived (token exchange with AssumeRoleWithWebIdentity).',
    [`AKIA${'A2'.repeat(6)}`, `AKIA${'A2'.repeat(8)} `, `AKIA${'A2'.repeat(6)}:x`],
    [`AKIA${'A2'.repeat(5)}A`, `AKIA${'A2'.repeat(6)}9`, `AKIA${'A2'.repeat(6)}0A`],
  ],
  [
    'Atlassian personal API token',
    'refused',
    'Use a service account with OAuth 2.0 client credentials.',
    [`ATATT3x${mixed(10)}`],
    [`ATATT3x${mixed(9)}`],
  ],
  [
    'Notion personal token',
    'migration',
    'Use an integration that a workspace owns, and prove with its owner that this one is.',
    [`secret_${mixed(40)}`, `ntn_${mixed(30)}`],
    [`secret_${mixed(39)}`, `ntn_${mixed(29)}`, `client_secret_${mixed(40)}`, `-ntn_${mixed(30)}`],
  ],
  [
    'Linear personal API key',
    'refused',
    'Use a Linear OAuth application with client credentials (actor=app).',
    [`lin_api_${mixed(16)}`],
    [`lin_api_${mixed(15)}`],
  ],
  [
    'OpenAI user key',
    'refused',
    'Use the key of a service account (sk-svcacct-).',
    [`sk-${mixed(20)}`, `sk-None-${mixed(20)}`, `sk-${mixed(20)}.`],
    [`sk-${mixed(19)}`, `sk-${mixed(20)}-`, `sk-${mixed(20)}_x`, `task-${mixed(20)}`, `x_sk-${mixed(20)}`],
  ],
  [
    'npm token',
    'refused',
    'Use trusted publishing, or a granular token of an automation account as an environment variable of CI.',
    [`npm_${mixed(20)}`],
    [`npm_${mixed(19)}`],
  ],
  [
    'Google refresh token of a user',
    'refused',
    'Use a service account with private_key_jwt.',
    [`1//0${mixed(20)}`],
    [`1//0${mixed(19)}`, `1//1${mixed(20)}`],
  ],
  [
    'Figma personal token',
    'refused',
    'Use an OAuth application of the organisation.',
    ['d', 'o', 'u'].map((kind) => `fig${kind}_${mixed(20)}`),
    [`figd_${mixed(19)}`, `figx_${mixed(20)}`],
  ],
  [
    'Asana personal token',
    'refused',
    'Use a service account of the organisation.',
    [`1/${digits(10)}:${hex(32)}`, `2/${digits(10)}/${digits(10)}:${hex(32)}`],
    [
      `3/${digits(10)}:${hex(32)}`,
      `1/${digits(9)}:${hex(32)}`,
      `1/${digits(10)}/${digits(9)}:${hex(32)}`,
      `1/${digits(10)}:${hex(31)}`,
    ],
  ],
  [
    'Airtable personal token',
    'refused',
    'Use a service account’s token.',
    [`pat${mixed(14)}.${hex(64)}`],
    [`pat${mixed(13)}.${hex(64)}`, `pat${mixed(14)}.${hex(63)}`],
  ],
  [
    'DigitalOcean personal token',
    'refused',
    'Use a team’s application token with scopes.',
    [`dop_v1_${hex(40)}`, `doo_v1_${hex(40)}`],
    [`dop_v1_${hex(39)}`, `dor_v1_${hex(40)}`],
  ],
  ['PyPI token', 'refused', 'Use trusted publishing.', [`pypi-AgE${mixed(20)}`], [`pypi-AgE${mixed(19)}`]],
  [
    'Countersign session of a person',
    'refused',
    'It signs a person in here; an upstream must never see it. Ask the upstream for a credential of a service.',
    [`csh_${mixed(8)}`],
    [`csh_${mixed(7)}`, `x-csh_${mixed(8)}`],
  ],
  [
    'Countersign agent credential',
    'refused',
    'It opens this gateway; an upstream must never see it. Ask the upstream for a credential of a service.',
    [`cs_${mixed(16)}`, `css_${mixed(16)}`],
    [`cs_${mixed(15)}`, `docs_${mixed(16)}`, `a_cs_${mixed(16)}`],
  ],
];

for (const [name, verdict, instead, taken, passed] of FORMATS) {
  test(`a ${name} is told from its shortest form on, and what only resembles it passes`, () => {
    for (const secret of taken) assert.deepEqual(recogniseToken(secret), { name, verdict, instead }, secret);
    for (const secret of passed) assert.equal(recogniseToken(secret), null, secret);
  });
}

const part = (text: string) => Buffer.from(text).toString('base64url');
const jwt = (claims: object | string, header: object | string = { alg: 'RS256' }) =>
  [header, claims].map((one) => part(typeof one === 'string' ? one : JSON.stringify(one))).join('.');
const SESSION = {
  name: 'signed token of a person’s session',
  verdict: 'refused',
  instead: 'Use OAuth client credentials: a token for the service itself.',
};

for (const claim of ['email', 'preferred_username', 'given_name', 'family_name', 'upn', 'nonce', 'amr', 'auth_time']) {
  test(`a signed token with the claim ${claim} is a person’s`, () => {
    assert.deepEqual(recogniseToken(`${jwt({ sub: 'u', [claim]: 'x' })}.AA`), SESSION);
  });
}

test('a session id is a person’s only as a text', () => {
  assert.deepEqual(recogniseToken(`${jwt({ sub: 'u', sid: 's' })}.AA`), SESSION);
  assert.equal(recogniseToken(`${jwt({ sub: 'u', sid: 1 })}.AA`), null);
});

for (const client of ['azp', 'client_id', 'appid']) {
  test(`a token whose subject is its ${client} is a service’s, whatever else it says`, () => {
    assert.equal(recogniseToken(`${jwt({ sub: 'svc', [client]: 'svc', email: 'a@b' })}.AA`), null);
    assert.deepEqual(recogniseToken(`${jwt({ sub: 'u', [client]: 'svc', email: 'a@b' })}.AA`), SESSION);
  });
}

test('of several names of the client the first there is counts; a token without subject and client is no service’s', () => {
  assert.equal(recogniseToken(`${jwt({ sub: 'svc', azp: 'svc', appid: 'x', client_id: 'y', email: 'a' })}.AA`), null);
  assert.equal(recogniseToken(`${jwt({ sub: 'svc', client_id: 'svc', appid: 'x', email: 'a' })}.AA`), null);
  assert.deepEqual(recogniseToken(`${jwt({ email: 'a@b' })}.AA`), SESSION);
});

test('it is a person’s only with a signed head, and is found behind other parts too', () => {
  const claims = { sub: 'u', email: 'a@b' };
  assert.equal(recogniseToken(`${jwt(claims, { typ: 'JWT' })}.AA`), null);
  assert.equal(recogniseToken(`${jwt(claims, '[]')}.AA`), null);
  assert.equal(recogniseToken(jwt(claims)), null, 'two parts are no signed token');
  assert.deepEqual(recogniseToken(`ab.cd.${jwt(claims)}.AA`), SESSION);
});

test('a part that is too long, or no text, is not read', () => {
  const padded = (length: number) => {
    const bare = JSON.stringify({ email: 'a', p: '' }).length;
    return jwt({ email: 'a', p: 'x'.repeat(length - bare) });
  };
  assert.deepEqual(recogniseToken(`${padded(12_288)}.AA`), SESSION, '16,384 characters');
  assert.equal(recogniseToken(`${padded(12_289)}.AA`), null);
  const broken = Buffer.concat([Buffer.from('{"email":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  assert.equal(recogniseToken(`${jwt({})}.AA`.replace(/\..*\./, `.${broken.toString('base64url')}.`)), null);
});

test('only the beginning of a very long text is judged', () => {
  const token = `ghp_${mixed(16)}`;
  assert.notEqual(recogniseToken(' '.repeat(65_536 - token.length) + token), null);
  assert.equal(recogniseToken(' '.repeat(65_536) + token), null);
});

test('three layers of wrapping are opened and no fourth', () => {
  let wrapped = `ghp_${mixed(36)}`;
  const seen: (string | undefined)[] = [];
  for (let layer = 0; layer < 4; layer++) {
    wrapped = Buffer.from(wrapped).toString('base64');
    seen.push(recogniseToken(wrapped)?.verdict);
  }
  assert.deepEqual(seen, ['refused', 'refused', 'refused', undefined]);
});
