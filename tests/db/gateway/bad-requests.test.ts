import assert from 'node:assert/strict';
import net from 'node:net';
import { after, before, test } from 'node:test';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let gateway: Gateway;

before(async () => {
  at = await openInstallation();
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await at?.close();
});

/** Status of a request written by hand: no client library would send these. */
function statusOf(head: readonly string[], body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(gateway.port, '127.0.0.1');
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1'))?.[1]));
    });
    socket.once('error', reject);
    socket.write(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  });
}

test('a client id that no database could hold is a wrong client, not an accident', async () => {
  const credentials = `Basic ${Buffer.from('agent%00:secret').toString('base64')}`;
  const form = 'grant_type=client_credentials&resource=http%3A%2F%2Flocalhost%3A4000%2Fmcp';
  const type = 'Content-Type: application/x-www-form-urlencoded';
  const status = await statusOf(
    ['POST /oauth/token HTTP/1.1', 'Host: localhost', `Authorization: ${credentials}`, type],
    form,
  );
  assert.equal(status, 401);
});

test('a method that nothing here answers is refused as such', async () => {
  assert.equal(await statusOf(['TRACE /api/v1/calls HTTP/1.1', 'Host: localhost']), 405);
});

test('a Host that is no host is another site, whichever endpoint is asked', async () => {
  for (const path of ['/api/v1/calls', '/.well-known/jwks.json', '/mcp']) {
    assert.equal(await statusOf([`GET ${path} HTTP/1.1`, 'Host: localhost:99999']), 403, path);
  }
});

test('two Host headers are refused, whichever comes first', async () => {
  const get = 'GET /.well-known/jwks.json HTTP/1.1';
  assert.equal(await statusOf([get, 'Host: localhost']), 200);
  assert.equal(await statusOf([get, 'Host: localhost', 'Host: evil.example']), 403);
  assert.equal(await statusOf([get, 'Host: evil.example', 'Host: localhost']), 403);
});
