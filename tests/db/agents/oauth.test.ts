import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose';
import { createIdentify } from '#lib/server/agents/identify.ts';
import { answerTokenRequest } from '#lib/server/agents/oauth.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import { wellKnownDocument } from '#lib/server/agents/well-known.ts';
import { makeAgent, readDirectory } from '#tests/fixtures/agents.ts';
import { GATEWAY_URL, type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

type Credentials = { readonly clientId: string; readonly clientSecret: string };
type TokenAnswer = { access_token: string; expires_in: number; error: string };

async function ask(
  credentials: Credentials | null,
  form: string[][],
  more: Record<string, string> = {},
  address = '192.0.2.1',
) {
  const basic =
    credentials === null
      ? {}
      : { authorization: `Basic ${btoa(`${credentials.clientId}:${credentials.clientSecret}`)}` };
  const request = new Request(`${GATEWAY_URL}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...basic, ...more },
    body: new URLSearchParams(form).toString(),
  });
  const response = await answerTokenRequest({ ...at, gatewayUrl: GATEWAY_URL }, request, address);
  const body: TokenAnswer = await response.json();
  return { status: response.status, body, cache: response.headers.get('cache-control') };
}
const grant = (resource: string) => [
  ['grant_type', 'client_credentials'],
  ['resource', resource],
];

test('a client gets a 15-minute token bound to the resource, which verifies with the published key', async () => {
  const agent = await makeAgent(at, { name: 'oauth' });
  const got = await ask(agent, grant('http://127.0.0.1:4000/api/v1/calls'));
  assert.equal(got.status, 200);
  assert.equal(got.cache, 'no-store');
  assert.equal(got.body.expires_in, 900);
  const published = wellKnownDocument(`${GATEWAY_URL}/.well-known/jwks.json`, {
    gatewayUrl: GATEWAY_URL,
    jwks: [at.keys.tokenSigning.jwk],
  });
  assert.ok(published);
  const { payload, protectedHeader } = await jwtVerify(
    got.body.access_token,
    createLocalJWKSet(await published.json()),
    {
      issuer: GATEWAY_URL,
      audience: `${GATEWAY_URL}/api/v1/calls`,
      algorithms: ['EdDSA'],
      typ: 'at+jwt',
    },
  );
  assert.equal(protectedHeader.typ, 'at+jwt');
  assert.equal(payload.sub, agent.id);
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 900);
});

test('what is wrong is refused with the codes of RFC 6749 and RFC 8707', async () => {
  const agent = await makeAgent(at, { name: 'strict' });
  const good = `${GATEWAY_URL}/api/v1/calls`;
  const cases: [string, Promise<{ status: number; body: TokenAnswer }>, number, string][] = [
    ['no credentials', ask(null, grant(good)), 401, 'invalid_client'],
    ['wrong secret', ask({ ...agent, clientSecret: 'css_wrong' }, grant(good)), 401, 'invalid_client'],
    ['unknown client', ask({ clientId: 'agent_x', clientSecret: 'y' }, grant(good)), 401, 'invalid_client'],
    ['no resource', ask(agent, [['grant_type', 'client_credentials']]), 400, 'invalid_target'],
    ['two resources', ask(agent, [...grant(good), ['resource', good]]), 400, 'invalid_target'],
    ['another host', ask(agent, grant('http://evil.example:4000/api/v1/calls')), 400, 'invalid_target'],
    ['a server it may not use', ask(agent, grant(`${GATEWAY_URL}/mcp/files`)), 400, 'invalid_target'],
    ['the aggregate without permission', ask(agent, grant(`${GATEWAY_URL}/mcp`)), 400, 'invalid_target'],
    ['a query in the resource', ask(agent, grant(`${good}?x=1`)), 400, 'invalid_target'],
    [
      'another grant',
      ask(agent, [
        ['grant_type', 'password'],
        ['resource', good],
      ]),
      400,
      'unsupported_grant_type',
    ],
    ['a JSON body', ask(agent, grant(good), { 'content-type': 'application/json' }), 400, 'invalid_request'],
  ];
  for (const [name, asked, status, error] of cases) {
    const got = await asked;
    assert.deepEqual([got.status, got.body.error], [status, error], name);
  }
});

test('guessing a secret is stopped after thirty failures, for the right secret too', async () => {
  const agent = await makeAgent(at, { name: 'guessed' });
  const good = grant(`${GATEWAY_URL}/api/v1/calls`);
  for (let i = 0; i < 30; i++) await ask({ ...agent, clientSecret: `css_${i}` }, good, {}, '192.0.2.9');
  assert.equal((await ask(agent, good, {}, '192.0.2.9')).status, 429);
  assert.equal((await ask(agent, good, {}, '192.0.2.10')).status, 200, 'a stranger cannot lock the agent itself out');
});

test('a signed token dies with the epoch, and forged ones are never believed', async () => {
  const agent = await makeAgent(at, { name: 'forged' });
  const got = await ask(agent, grant(`${GATEWAY_URL}/api/v1/calls`));
  const token = got.body.access_token;
  let directory = await readDirectory(at);
  let nowMs = Date.now();
  const identify = createIdentify({
    snapshot: () => directory,
    keys: at.keys,
    gatewayUrl: GATEWAY_URL,
    now: () => nowMs,
  });
  const code = (header: string | undefined) => {
    const known = identify(header, '/api/v1/calls');
    return known.ok ? 'ok' : known.error.code;
  };
  assert.equal(code(`Bearer ${token}`), 'ok');
  assert.equal(code(`Bearer ${token}`), 'ok');
  assert.equal(identify(`Bearer ${token}`, '/mcp/files').ok, false);
  const [head = '', body = '', signature = ''] = token.split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: at.keys.tokenSigning.kid })).toString(
    'base64url',
  );
  assert.equal(code(`Bearer ${none}.${body}.`), 'token-invalid');
  assert.equal(code(`Bearer ${none}.${body}.${signature}`), 'token-invalid');
  assert.equal(code(`Bearer ${head}.${body.slice(0, -2)}AA.${signature}`), 'token-invalid');
  const hmac = await new SignJWT({ epoch: 0 })
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: at.keys.tokenSigning.kid })
    .setIssuer(GATEWAY_URL)
    .setSubject(agent.id)
    .setAudience(`${GATEWAY_URL}/api/v1/calls`)
    .setExpirationTime('5m')
    .sign(Buffer.from(at.keys.tokenSigning.jwk.x));
  assert.equal(code(`Bearer ${hmac}`), 'token-invalid');
  for (const header of [undefined, '', token, `Basic ${token}`, 'Bearer ', `Bearer ${token} x`, 'Bearer cs_short']) {
    assert.equal(code(header), 'token-invalid', String(header));
  }
  nowMs += 900_000;
  assert.equal(code(`Bearer ${token}`), 'token-invalid', 'it is over after 15 minutes');
  nowMs -= 900_000;
  assert.equal(code(`Bearer ${token}`), 'ok');
  await rotateAgent(at, at.admin, 'forged', { overlapS: 0 });
  directory = await readDirectory(at);
  assert.equal(code(`Bearer ${token}`), 'token-invalid', 'rotation moves the epoch');
});

test('discovery documents name the resource as the client spelt it, and nothing that is not ours', async () => {
  const options = { gatewayUrl: GATEWAY_URL, jwks: [at.keys.tokenSigning.jwk] };
  const resource = wellKnownDocument('http://127.0.0.1:4000/.well-known/oauth-protected-resource/mcp/files', options);
  assert.deepEqual(await resource?.json(), {
    resource: 'http://127.0.0.1:4000/mcp/files',
    authorization_servers: [GATEWAY_URL],
    bearer_methods_supported: ['header'],
    resource_name: 'Countersign',
  });
  const server = wellKnownDocument(`${GATEWAY_URL}/.well-known/oauth-authorization-server`, options);
  assert.ok(server);
  assert.equal((await server.json()).issuer, GATEWAY_URL);
  assert.equal(wellKnownDocument(`${GATEWAY_URL}/.well-known/oauth-protected-resource/etc`, options), null);
  assert.equal(wellKnownDocument(`${GATEWAY_URL}/.well-known/openid-configuration`, options), null);
});
