// Scenarios N05 to N08: redirects, rebinding, what a server names in its answers, other schemes and the environment.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { createEgress } from '#lib/server/egress/connector.ts';
import { egressDenialIn } from '#lib/server/egress/egress-denied.ts';
import { guardedFetch } from '#lib/server/egress/guarded-fetch.ts';
import { type DnsServer, startDnsServer } from '#tests/fakes/dns-server.ts';
import { startTripwire, type Tripwire } from '#tests/fakes/tripwire.ts';
import { entryFor, guarded, unguarded } from '#tests/fixtures/egress.ts';

/** The allowed upstream, and what stands inside. */
let upstream: Tripwire;
let inside: Tripwire;
let dns: DnsServer;
before(async () => {
  upstream = await startTripwire();
  inside = await startTripwire();
  dns = await startDnsServer();
});
after(async () => {
  await upstream.close();
  await inside.close();
  await dns.close();
});
beforeEach(() => {
  upstream.reset();
  inside.reset();
  dns.says('upstream.example', ['127.0.0.1']);
});

const LOOPBACK = '127.0.0.1/32';
const allowed = () => [entryFor(upstream.port, { cidr: LOOPBACK })];
const urlOf = (path = '/mcp') => `http://upstream.example:${upstream.port}${path}`;

describe('N05 a redirect from an allowed host', () => {
  const init = { method: 'POST', headers: { authorization: 'Bearer s3cret' }, body: '{"secret":"s3cret"}' };

  for (const status of [301, 302, 303, 307, 308]) {
    it(`${status} is refused, its target sees no connection, and nothing of ours is sent twice`, async () => {
      const location = `http://127.0.0.1:${inside.port}/steal`;
      upstream.answer = { status, headers: { location }, body: '' };
      const tried = await guarded(urlOf(), allowed(), dns, init);
      assert.equal(tried.denied, 'the server answered with a redirect');
      assert.equal(inside.connections(), 0);
      assert.equal(upstream.requests.length, 1);
      assert.equal(await unguarded(urlOf(), dns, init), 'inside');
      assert.equal(inside.connections(), 1);
    });
  }

  it('is refused also when its target is on the list, because the credential belongs to the first server', async () => {
    upstream.answer = { status: 307, headers: { location: `http://127.0.0.1:${inside.port}/` }, body: '' };
    const both = [...allowed(), entryFor(inside.port, { host: '127.0.0.1', cidr: LOOPBACK })];
    assert.notEqual((await guarded(urlOf(), both, dns, init)).denied, null);
    assert.equal(inside.connections(), 0);
    assert.equal((await guarded(`http://127.0.0.1:${inside.port}/`, both)).text, 'inside');
  });

  it('written as a meta refresh or a Refresh header is only text', async () => {
    const refresh = `0; url=http://127.0.0.1:${inside.port}/`;
    const body = `<meta http-equiv="refresh" content="${refresh}">`;
    upstream.answer = { status: 200, headers: { refresh, 'content-type': 'text/html' }, body };
    assert.equal((await guarded(urlOf(), allowed(), dns)).text, body);
    assert.equal(inside.connections(), 0);
  });
});

describe('N06 a name that resolves to something else the second time', () => {
  it('public and loopback in one answer: none is used, so the listener sees nothing', async () => {
    dns.says('upstream.example', ['8.8.8.8', '127.0.0.1']);
    const mixed = await guarded(urlOf(), [entryFor(upstream.port)], dns);
    assert.match(mixed.denied ?? '', /not public: loopback/);
    assert.equal(upstream.connections(), 0);
  });

  it('each new connection asks anew and is judged anew; one lookup serves judging and connecting', async () => {
    dns.says('upstream.example', ['127.0.0.1'], ['127.0.0.2']);
    const entries = allowed();
    const egress = createEgress({ entries: () => entries, lookup: dns.lookup });
    const get = guardedFetch(egress);
    upstream.answer = { status: 200, headers: { connection: 'close' }, body: 'first' };
    const asked = dns.queries.length;
    assert.equal(await (await get(urlOf())).text(), 'first');
    assert.deepEqual(dns.queries.slice(asked), ['A upstream.example', 'AAAA upstream.example']);
    await assert.rejects(get(urlOf()), (error) =>
      /outside the entry's range/.test(egressDenialIn(error)?.reason ?? ''),
    );
    assert.equal(upstream.connections(), 1);
    await egress.close();
  });

  it('without the guard, checking first and connecting then reaches what the second answer names', async () => {
    dns.says('upstream.example', ['93.184.215.14'], ['127.0.0.1']);
    const [checked] = await dns.lookup('upstream.example');
    assert.equal(checked, '93.184.215.14');
    assert.equal(await unguarded(urlOf(), dns), 'inside');
    assert.equal(upstream.connections(), 1);
  });

  it('a resolver that fails, knows nothing, or never answers is a refusal', async () => {
    for (const round of ['servfail', 'nxdomain', 'silent'] as const) {
      dns.says('upstream.example', round);
      const tried = await guarded(urlOf(), allowed(), dns);
      assert.match(tried.denied ?? '', /could not be resolved|resolves to no address/, round);
    }
    assert.equal(upstream.connections(), 0);
    const gone = await startDnsServer();
    await gone.close();
    assert.match((await guarded(urlOf(), allowed(), gone)).denied ?? '', /could not be resolved/);
  });

  it('hundreds of addresses are judged all, and one private one among them refuses all', async () => {
    const many = Array.from({ length: 60 }, (_, index) => `8.8.${index}.8`);
    dns.says('upstream.example', [...many, '10.0.0.1']);
    const tried = await guarded(urlOf(), [entryFor(upstream.port)], dns);
    assert.match(tried.denied ?? '', /not public: private/);
  });
});

describe('N07 an address that a server names itself', () => {
  it('a challenge that points inside is not followed by discovery', async () => {
    const metadata = `http://127.0.0.1:${inside.port}/.well-known/oauth-protected-resource`;
    const challenge = `Bearer resource_metadata="${metadata}"`;
    upstream.answer = { status: 401, headers: { 'www-authenticate': challenge }, body: '' };
    const entries = allowed();
    const egress = createEgress({ entries: () => entries, lookup: dns.lookup });
    const transport = new StreamableHTTPClientTransport(new URL(urlOf()), { fetch: guardedFetch(egress) });
    const client = new Client({ name: 'test', version: '1.0.0' });
    // The declared types differ in optional members only (exactOptionalPropertyTypes).
    await assert.rejects(client.connect(transport as Parameters<Client['connect']>[0]));
    await client.close();
    await egress.close();
    assert.ok(upstream.requests.length > 0);
    assert.equal(inside.connections(), 0);
    assert.equal(await unguarded(metadata), 'inside');
  });

  it('an OAuth document that names endpoints inside: metadata is read, the endpoint is refused with the secret unsent', async () => {
    const token = `http://127.0.0.1:${inside.port}/token`;
    upstream.answer = { status: 200, headers: {}, body: JSON.stringify({ token_endpoint: token }) };
    const document = await guarded(urlOf('/.well-known/oauth-authorization-server'), allowed(), dns);
    const { token_endpoint: named } = JSON.parse(document.text ?? '{}');
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_secret: 's3cret' });
    const asked = await guarded(String(named), allowed(), dns, { method: 'POST', body: form });
    assert.notEqual(asked.denied, null);
    assert.equal(inside.connections(), 0);
    const listed = [entryFor(inside.port, { host: '127.0.0.1', cidr: LOOPBACK, pathPrefix: '/token' })];
    assert.equal((await guarded(String(named), listed, dns, { method: 'POST', body: form })).text, 'inside');
    assert.equal(inside.requests[0]?.body, form.toString());
    assert.match(inside.requests[0]?.headers['content-type'] ?? '', /^application\/x-www-form-urlencoded/);
  });

  it('a Host header of the caller names no other site behind an allowed address', async () => {
    const headers = { host: 'admin.internal' };
    await guarded(urlOf(), allowed(), dns, { headers });
    assert.equal(upstream.requests[0]?.headers.host, `upstream.example:${upstream.port}`);
    // The twin is a client that sends what it is given: the same address, another site.
    const { port } = upstream;
    await new Promise((resolve) => request({ host: '127.0.0.1', port, headers }, resolve).end());
    assert.equal(upstream.requests[1]?.headers.host, 'admin.internal', 'without the guard it is sent');
  });
});

describe('N08 other schemes, proxies of the environment, unix sockets', () => {
  it('refuses every scheme but http and https before anything is opened', async () => {
    const entries = [...allowed(), entryFor(80), entryFor(upstream.port, { scheme: 'gopher' })];
    for (const url of [
      'file:///etc/passwd',
      `gopher://upstream.example:${upstream.port}/_GET`,
      'data:text/plain,inside',
      `ftp://upstream.example:${upstream.port}/`,
      `ws://upstream.example:${upstream.port}/`,
      'blob:http://upstream.example/1',
      'http+unix://%2Fvar%2Frun%2Fdocker.sock/info',
      'unix:/var/run/docker.sock',
      `jar:http://upstream.example:${upstream.port}!/x`,
    ]) {
      assert.notEqual((await guarded(url, entries, dns)).denied, null, url);
    }
    assert.equal(upstream.connections(), 0);
    assert.equal(await unguarded('data:text/plain,inside'), 'inside');
  });

  it('goes to the judged address whatever proxy variables say, where an ordinary client asks the proxy', async () => {
    const program = (guard: boolean) => `
      const { createEgress } = await import('#lib/server/egress/connector.ts');
      const { guardedFetch } = await import('#lib/server/egress/guarded-fetch.ts');
      const entries = [${JSON.stringify(entryFor(upstream.port, { host: '127.0.0.1', cidr: LOOPBACK }))}];
      const egress = createEgress({ entries: () => entries });
      const get = ${guard} ? guardedFetch(egress) : fetch;
      process.stdout.write(await (await get('http://127.0.0.1:${upstream.port}/mcp')).text());
      await egress.close();`;
    const proxy = `http://127.0.0.1:${inside.port}`;
    const env = {
      NODE_ENV: 'test' as const,
      NODE_USE_ENV_PROXY: '1',
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
      http_proxy: proxy,
    };
    const run = async (guard: boolean) => {
      const argv = ['--input-type=module', '--eval', program(guard)];
      const { stdout } = await promisify(execFile)(process.execPath, argv, { env, timeout: 20_000 });
      return stdout;
    };
    upstream.answer = { status: 200, headers: {}, body: 'upstream' };
    assert.equal(await run(true), 'upstream');
    assert.equal(inside.connections(), 0);
    await run(false);
    assert.ok(inside.connections() > 0, 'the twin asks the proxy');
  });

  it('never opens a unix socket', async () => {
    const path = join(tmpdir(), `cs-egress-${process.pid}.sock`);
    let connections = 0;
    const socket: Server = createServer((client) => {
      connections++;
      client.destroy();
    });
    await new Promise<void>((resolve) => socket.listen(path, resolve));
    for (const url of [`http://unix:${path}:/info`, `http+unix://${encodeURIComponent(path)}/`, `unix://${path}`]) {
      assert.notEqual((await guarded(url, [entryFor(80, { host: 'unix' })], dns)).denied, null, url);
    }
    assert.equal(connections, 0);
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  });
});
