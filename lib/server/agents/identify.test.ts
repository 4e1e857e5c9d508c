import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { decodeJwt, SignJWT } from 'jose';
import { mintAccessToken } from './access-token.ts';
import { type AgentDirectory, createIdentify, type DirectoryAgent } from './identify.ts';
import { hashSecret, newStaticToken } from './secrets.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const gatewayUrl = 'http://localhost:4000';
const agent: DirectoryAgent = {
  id: '018f0000-0000-7000-8000-000000000001',
  name: 'bot',
  ownerId: '018f0000-0000-7000-8000-000000000002',
  client: 'sdk',
  requestTimeoutMs: null,
  pendingCap: 20,
  aggregate: false,
  tokenEpoch: 3,
  keys: new Map([['key-1', Number.POSITIVE_INFINITY]]),
};

function directory(more: Partial<DirectoryAgent> | null, tokens: AgentDirectory['tokens'] = new Map()): AgentDirectory {
  const agents = more === null ? new Map() : new Map([[agent.id, { ...agent, ...more }]]);
  return { agents, tokens, signingKeys: new Map(), revokedTokens: new Set() };
}
function identifier(current: () => AgentDirectory, now = Date.now) {
  return createIdentify({ snapshot: current, keys: { tokenSigning: { kid: 'k1', publicKey } }, gatewayUrl, now });
}
function mint(more: { kid?: string; issuer?: string; epoch?: number; audience?: string } = {}) {
  return mintAccessToken(
    {
      agentId: agent.id,
      clientId: 'c',
      audience: more.audience ?? '/mcp/files',
      epoch: more.epoch ?? 3,
      keyId: 'key-1',
    },
    { kid: more.kid ?? 'k1', privateKey, issuer: more.issuer ?? gatewayUrl, nowMs: Date.now() },
  );
}

test('a token of another key id, issuer or epoch is not valid', async () => {
  const identify = identifier(() => directory({}));
  assert.equal(identify(`Bearer ${await mint()}`, '/mcp/files').ok, true);
  for (const wrong of [{ kid: 'k2' }, { issuer: 'http://localhost:4001' }, { epoch: 2 }, { epoch: 4 }]) {
    assert.equal(identify(`Bearer ${await mint(wrong)}`, '/mcp/files').ok, false, JSON.stringify(wrong));
  }
});

test('a token of ours that was made for something else is no access token', async () => {
  const identify = identifier(() => directory({}));
  const signed = (typ: string) =>
    new SignJWT({ epoch: 3, key: 'key-1' })
      .setProtectedHeader({ alg: 'EdDSA', typ, kid: 'k1' })
      .setIssuer(gatewayUrl)
      .setSubject(agent.id)
      .setAudience(`${gatewayUrl}/mcp/files`)
      .setIssuedAt()
      .setExpirationTime('5m')
      .setJti(randomUUID())
      .sign(privateKey);
  assert.equal(identify(`Bearer ${await signed('at+jwt')}`, '/mcp/files').ok, true);
  for (const typ of ['JWT', 'countersign-receipt+jwt']) {
    assert.equal(identify(`Bearer ${await signed(typ)}`, '/mcp/files').ok, false, typ);
  }
});

test('a remembered token follows the snapshot: new facts are seen, a missing agent or another epoch is out', async () => {
  let current = directory({});
  const identify = identifier(() => current);
  const header = `Bearer ${await mint()}`;
  const first = identify(header, '/mcp/files');
  assert.ok(first.ok);
  const second = identify(header, '/mcp/files');
  assert.ok(second.ok);
  assert.equal(second.value, first.value, 'the same principal while nothing changed');
  current = directory({ pendingCap: 5 });
  const third = identify(header, '/mcp/files');
  assert.ok(third.ok);
  assert.equal(third.value.pendingCap, 5);
  current = directory({ tokenEpoch: 4 });
  assert.equal(identify(header, '/mcp/files').ok, false);
  current = directory(null);
  assert.equal(identify(header, '/mcp/files').ok, false);
});

test("a person's credentials are nobody here: a command line's token, a session cookie, a password (C02)", () => {
  const identify = identifier(() => directory({}));
  for (const header of [
    `Bearer csh_${'a'.repeat(43)}`,
    'Cookie countersign.session=abc',
    `Basic ${btoa('ana@example.com:pw')}`,
  ]) {
    assert.deepEqual(identify(header, '/mcp/files'), { ok: false, error: { code: 'token-invalid' } });
  }
});

test('a token ends with the key it was fetched with, with its signing key, and when it is revoked by its id', async () => {
  let current = directory({});
  const identify = identifier(() => current);
  const token = await mint();
  const isGood = () => identify(`Bearer ${token}`, '/mcp/files').ok;
  assert.equal(isGood(), true);
  current = directory({ keys: new Map([['key-1', Date.now() - 1]]) });
  assert.equal(isGood(), false, 'the overlap is over');
  current = directory({ keys: new Map() });
  assert.equal(isGood(), false, 'the key was ended');
  const { jti = '' } = decodeJwt(token);
  current = { ...directory({}), revokedTokens: new Set([jti]) };
  assert.equal(isGood(), false, 'the token was revoked');
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '', kid: 'k1', alg: 'EdDSA', use: 'sig' } as const;
  const listed = (retiresAtMs: number | null) =>
    new Map([['k1', { kid: 'k1', jwk, publicKey, signsFromMs: 0, retiresAtMs }]]);
  current = { ...directory({}), signingKeys: listed(Date.now() - 1) };
  assert.equal(isGood(), false, 'the signing key is retired');
  current = { ...directory({}), signingKeys: listed(null) };
  assert.equal(isGood(), true);
});

test('a static token dies with its row and with its time', () => {
  const { token } = newStaticToken();
  const row = { agentId: agent.id, audience: '/mcp', expiresAtMs: Date.now() + 1000, keyId: null };
  let current = directory({}, new Map([[hashSecret(token), row]]));
  let nowMs = Date.now();
  const identify = identifier(
    () => current,
    () => nowMs,
  );
  assert.equal(identify(`bearer ${token}`, '/mcp').ok, true);
  nowMs += 1000;
  assert.equal(identify(`bearer ${token}`, '/mcp').ok, false);
  nowMs -= 1000;
  current = directory({});
  assert.equal(identify(`bearer ${token}`, '/mcp').ok, false);
});

test('a remembered token costs microseconds, not a signature check', async () => {
  const current = directory({});
  const identify = identifier(() => current);
  const header = `Bearer ${await mint()}`;
  identify(header, '/mcp/files');
  const rounds = 20_000;
  const started = performance.now();
  for (let i = 0; i < rounds; i++) identify(header, '/mcp/files');
  const eachUs = ((performance.now() - started) * 1000) / rounds;
  // An Ed25519 check takes about 100 µs; the bound is wide because the machine is shared.
  assert.ok(eachUs < 20, `${eachUs} µs`);
});
