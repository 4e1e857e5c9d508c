import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CredentialConfig } from '#lib/contracts/credentials.ts';
import { goesOnWaiting, prepareSecret } from './new-secret.ts';

const REFUSED = `ghp_${'a1B2'.repeat(9)}`;
const LENT = `github_pat_11${'A1b2_'.repeat(10)}`;
const OAUTH = {
  kind: 'oauth-client-credentials',
  tokenUrl: 'https://idp.example.com/token',
  clientId: 'gateway',
  clientAuth: 'client_secret_basic',
} as const;

function withToken(token: string): readonly (readonly [string, CredentialConfig])[] {
  return [
    ['the user name of basic', { kind: 'basic', username: token }],
    ['a client id', { ...OAUTH, clientId: token }],
    ['a scope', { ...OAUTH, scope: `read ${token}` }],
    ['an audience', { ...OAUTH, audience: `api/${token}` }],
    ['a resource', { ...OAUTH, resource: `https://api.example.com/?token=${token}` }],
    ['a token endpoint', { ...OAUTH, tokenUrl: `https://${token}@idp.example.com/token` }],
  ];
}

test('a person’s token is taken in no field that is shown, neither a refused kind nor one that is lent', async () => {
  for (const token of [REFUSED, LENT]) {
    for (const [where, config] of withToken(token)) {
      const prepared = await prepareSecret(config, 'x-oauth-basic', Date.now());
      assert.equal(prepared.ok ? 'taken' : prepared.error.code, 'personal-token', where);
      assert.ok(prepared.ok || !prepared.error.detail?.includes(token), where);
    }
  }
});

test('the same fields with what belongs there are taken', async () => {
  for (const [where, config] of withToken('tickets'))
    assert.ok((await prepareSecret(config, 'x-oauth-basic', Date.now())).ok, where);
});

test('only a key of ours without a secret from outside goes on waiting', () => {
  const key = { publicJwk: { kty: 'EC' } };
  assert.equal(goesOnWaiting({ ...OAUTH, clientAuth: 'private_key_jwt' }, key), true);
  assert.equal(goesOnWaiting({ ...OAUTH, clientAuth: 'private_key_jwt' }, { publicJwk: null }), false);
  assert.equal(goesOnWaiting({ ...OAUTH, kind: 'token-exchange', subject: 'assertion' }, key), false);
  assert.equal(goesOnWaiting({ kind: 'bearer' }, { publicJwk: null }), false);
});
