import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeJwt, jwtVerify } from 'jose';
import { closeConnections } from './exchange.ts';
import { renewTokenFile } from './renew-token-file.ts';
import { createTokenSource } from './token-source.ts';

const SECRET = 'canary-client-secret';
let asked: { readonly authorization: string | undefined; readonly form: URLSearchParams }[] = [];
let lifeS = 900;
let isDown = false;
const endpoint = createServer((request, response) => {
  if (request.url === '/.well-known/oauth-authorization-server') {
    response.end(JSON.stringify({ issuer: url.origin }));
    return;
  }
  let body = '';
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString();
  });
  request.on('end', () => {
    const form = new URLSearchParams(body);
    asked.push({ authorization: request.headers.authorization, form });
    if (isDown) response.writeHead(503).end('{}');
    else {
      const value = form.get('token_format') === 'opaque' ? `cs_${asked.length}` : `token-${asked.length}`;
      response.end(JSON.stringify({ access_token: value, token_type: 'Bearer', expires_in: lifeS }));
    }
  });
});
let url: URL;
let home: string;
const file = (name: string, content: string) => {
  writeFileSync(join(home, name), content, { mode: 0o600 });
  return join(home, name);
};

before(async () => {
  home = mkdtempSync(join(tmpdir(), 'countersign-token-'));
  await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
  const address = endpoint.address();
  assert.ok(address !== null && typeof address === 'object');
  url = new URL(`http://127.0.0.1:${address.port}`);
});
after(() => {
  closeConnections();
  endpoint.close();
  rmSync(home, { recursive: true, force: true });
});

test('one token serves all who ask at once, until its last tenth; then one renewal serves all', async () => {
  asked = [];
  const files = { clientId: 'c', clientSecretFile: file('secret', SECRET) };
  const source = createTokenSource({ ...files, gatewayUrl: url, audience: '/mcp/files' });
  const first = await Promise.all([source.current(), source.current(), source.current()]);
  assert.deepEqual(
    first.map((one) => one.ok && one.value),
    ['token-1', 'token-1', 'token-1'],
  );
  assert.equal(asked.length, 1);
  assert.equal(asked[0]?.form.get('resource'), `${url.origin}/mcp/files`);
  // A token that has no life left by the time it arrives is renewed at the next use.
  lifeS = 0;
  assert.equal(source.refused('token-1'), true);
  await source.current();
  lifeS = 900;
  const renewed = await Promise.all([source.current(), source.current()]);
  assert.deepEqual(
    renewed.map((one) => one.ok && one.value),
    ['token-3', 'token-3'],
  );
});

test('a token that still lives is used while its renewal fails', async () => {
  lifeS = 1;
  const files = { clientId: 'c', clientSecretFile: file('secret', SECRET) };
  const source = createTokenSource({ ...files, gatewayUrl: url, audience: '/mcp/files' });
  const first = await source.current();
  assert.ok(first.ok);
  isDown = true;
  const again = await source.current();
  assert.ok(again.ok);
  assert.equal(again.value, first.value);
  isDown = false;
  lifeS = 900;
});

test('a private key signs an assertion for this issuer, for a minute, and no secret is sent', async () => {
  asked = [];
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const jwk = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'k1' });
  const source = createTokenSource({ clientId: 'c', keyFile: file('key.jwk', jwk), gatewayUrl: url, audience: '/mcp' });
  assert.ok((await source.current()).ok);
  const [sent] = asked;
  assert.equal(sent?.authorization, undefined);
  const assertion = sent?.form.get('client_assertion') ?? '';
  const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, {
    audience: url.origin,
    issuer: 'c',
    subject: 'c',
  });
  assert.equal(protectedHeader.kid, 'k1');
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 60);
  assert.notEqual(decodeJwt(assertion).jti, undefined);
});

test('a file is kept with a static token, for its owner only, and what is said names no token', async () => {
  const target = join(home, 'token');
  const said: string[] = [];
  const end = await renewTokenFile({
    clientId: 'c',
    clientSecretFile: file('secret', SECRET),
    gatewayUrl: url,
    audience: '/mcp/files',
    file: target,
    once: true,
    say: (sentence) => said.push(sentence),
    stop: new AbortController().signal,
  });
  assert.equal(end, 'done');
  const token = readFileSync(target, 'utf8').trim();
  assert.match(token, /^cs_/);
  assert.equal(statSync(target).mode & 0o777, 0o600);
  assert.ok(!said.join('\n').includes(token) && !said.join('\n').includes(SECRET));
});
