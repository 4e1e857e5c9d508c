// What an https destination must prove before a byte of the request is written, and what we show it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:https';
import { after, before, beforeEach, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import type { EgressEntry } from '#lib/core/egress/judge-url.ts';
import type { EgressOptions } from '#lib/server/egress/connector.ts';
import { type Authority, type MadeCertificate, makeAuthority } from '#tests/fakes/certificates.ts';
import { entryFor, guarded } from '#tests/fixtures/egress.ts';

let authority: Authority;
let right: MadeCertificate;
let client: MadeCertificate;
let server: Server;
let port = 0;
let requests = 0;
let clients: (string | undefined)[] = [];

before(async () => {
  authority = makeAuthority();
  right = authority.issue(['upstream.example']);
  client = authority.issue(['gateway']);
  server = createServer(
    { ...right, ca: authority.ca, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      requests++;
      const { socket } = request;
      clients.push(socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject?.CN) : undefined);
      response.end('inside');
    },
  );
  server.on('tlsClientError', () => undefined);
  port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = 0;
  clients = [];
  server.setSecureContext({ ...right, ca: authority.ca });
});

const reach = (more: Partial<EgressEntry> = {}, options: Partial<EgressOptions> = {}, host = 'upstream.example') =>
  guarded(
    `https://${host}:${port}/mcp`,
    [entryFor(port, { scheme: 'https', host, cidr: '127.0.0.1/32', ...more })],
    { lookup: async () => ['127.0.0.1'], ca: authority.ca, ...options },
    { headers: { authorization: 'Bearer s3cret' } },
  );

test('a certificate for the host that was asked for, from a known authority, is let through', async () => {
  assert.equal((await reach()).text, 'inside');
  assert.equal((await reach({ tlsPin: right.pin })).text, 'inside');
});

test('a certificate for another host, an expired one, one from nowhere: refused before the request is written', async () => {
  const nowhere = makeAuthority();
  const cases: [string, MadeCertificate][] = [
    ['another host', authority.issue(['other.example'])],
    ['the address instead of the name', authority.issue(['127.0.0.1'])],
    ['expired', authority.issue(['upstream.example'], { expired: true })],
    ['an unknown authority', nowhere.issue(['upstream.example'])],
  ];
  for (const [name, made] of cases) {
    server.setSecureContext(made);
    assert.equal((await reach()).denied, "the server's certificate could not be verified", name);
  }
  assert.equal(requests, 0);
});

test('an address that was asked for as such must itself be in the certificate', async () => {
  assert.notEqual((await reach({}, {}, '127.0.0.1')).denied, null);
  server.setSecureContext(authority.issue(['127.0.0.1']));
  assert.equal((await reach({}, {}, '127.0.0.1')).text, 'inside');
});

test('a valid certificate with another key than the pinned one is refused, and its listener gets no request', async () => {
  const other = authority.issue(['upstream.example']);
  assert.equal((await reach({ tlsPin: other.pin })).denied, "the server's key is not the pinned one");
  assert.equal(requests, 0);
  server.setSecureContext(other);
  assert.equal((await reach({ tlsPin: other.pin })).text, 'inside');
  assert.equal((await reach({ tlsPin: right.pin })).denied, "the server's key is not the pinned one");
});

test('the client certificate is shown to its entry alone, and an entry whose certificate is missing goes nowhere', async () => {
  const clientCertificateOf = async (id: string) => (id === 'mine' ? client : null);
  assert.equal((await reach({ clientCertificateId: 'mine' }, { clientCertificateOf })).text, 'inside');
  assert.equal((await reach({}, { clientCertificateOf })).text, 'inside');
  assert.deepEqual(clients, ['gateway', 'undefined']);
  for (const options of [{ clientCertificateOf }, {}]) {
    const tried = await reach({ clientCertificateId: 'lost' }, options);
    assert.equal(tried.denied, "the entry's client certificate is not there");
  }
  assert.equal(requests, 2);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 switches nothing off, where it does for an ordinary client', async () => {
  const entry = entryFor(port, { scheme: 'https', host: '127.0.0.1', cidr: '127.0.0.1/32' });
  const program = (get: string) => `
    const { createEgress } = await import('#lib/server/egress/connector.ts');
    const { guardedFetch } = await import('#lib/server/egress/guarded-fetch.ts');
    const egress = createEgress({ entries: () => [${JSON.stringify(entry)}] });
    const get = ${get};
    const got = await get('https://127.0.0.1:${port}/').then((answer) => answer.text(), () => 'refused');
    process.stdout.write(got);
    await egress.close();`;
  const run = async (get: string) => {
    const env = { NODE_ENV: 'test' as const, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    const argv = ['--input-type=module', '--eval', program(get)];
    return (await promisify(execFile)(process.execPath, argv, { env, timeout: 20_000 })).stdout;
  };
  assert.equal(await run('guardedFetch(egress)'), 'refused');
  assert.equal(requests, 0);
  assert.equal(await run('fetch'), 'inside');
});
