import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import type { EgressEntry } from '#lib/core/egress/judge-url.ts';
import { createEgress, type Lookup } from './connector.ts';
import { egressDenialIn } from './egress-denied.ts';
import { guardedFetch } from './guarded-fetch.ts';

let listener: Server;
let port = 0;
let connections = 0;
let hosts: (string | undefined)[] = [];
let answerWith: { status: number; headers?: Record<string, string> } = { status: 200 };

before(async () => {
  listener = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.writeHead(answerWith.status, answerWith.headers).end('hello');
  });
  listener.on('connection', () => {
    connections++;
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = listener.address();
  assert.ok(address !== null && typeof address !== 'string');
  port = address.port;
});
after(() => {
  listener.closeAllConnections();
  listener.close();
});
beforeEach(() => {
  connections = 0;
  hosts = [];
  answerWith = { status: 200 };
});

function entry(more: Partial<EgressEntry> = {}): EgressEntry {
  return {
    scheme: 'http',
    host: '127.0.0.1',
    port,
    pathPrefix: '/mcp',
    cidr: '127.0.0.1/32',
    expiresAt: null,
    ...more,
  };
}

async function reach(url: string, entries: readonly EgressEntry[], lookup?: Lookup) {
  const egress = createEgress({ entries: () => entries, ...(lookup === undefined ? {} : { lookup }) });
  try {
    const response = await guardedFetch(egress)(url);
    return { text: await response.text(), denied: null };
  } catch (error) {
    const denied = egressDenialIn(error);
    assert.ok(denied, `refused for another reason: ${String(error)}`);
    return { text: null, denied: denied.reason };
  } finally {
    await egress.close();
  }
}

test('a listed destination is reached, with the Host that was asked for', async () => {
  const names: Lookup = async () => ['127.0.0.1'];
  const got = await reach(`http://upstream.test:${port}/mcp`, [entry({ host: 'upstream.test' })], names);
  assert.equal(got.text, 'hello');
  assert.deepEqual(hosts, [`upstream.test:${port}`]);
});

test('whatever is not listed is refused before a single connection', async () => {
  const url = `http://127.0.0.1:${port}/mcp`;
  const cases: [string, string, readonly EgressEntry[]][] = [
    ['nothing configured', url, []],
    ['another port', url, [entry({ port: port + 1 })]],
    ['another scheme', url, [entry({ scheme: 'https' })]],
    ['another path', `http://127.0.0.1:${port}/mcp-admin`, [entry()]],
    ['an expired entry', url, [entry({ expiresAt: Date.now() - 1 })]],
    ['loopback without a range', url, [entry({ cidr: null })]],
    ['a range elsewhere', url, [entry({ cidr: '10.0.0.0/8' })]],
    ['a decimal spelling', `http://2130706433:${port}/mcp`, [entry({ cidr: null })]],
    ['userinfo', `http://127.0.0.1@127.0.0.1:${port}/mcp`, [entry()]],
  ];
  for (const [name, target, entries] of cases) {
    const got = await reach(target, entries);
    assert.notEqual(got.denied, null, name);
  }
  assert.equal(connections, 0);
});

test('a name that resolves to a private address is refused, also when only one of its addresses is private', async () => {
  const entries = [entry({ host: 'upstream.test', cidr: null })];
  for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['169.254.169.254'], ['::1'], []]) {
    const got = await reach(`http://upstream.test:${port}/mcp`, entries, async () => addresses);
    assert.notEqual(got.denied, null, addresses.join());
  }
  assert.equal(connections, 0);
});

test('a resolver that fails is a refusal', async () => {
  const got = await reach(`http://upstream.test:${port}/mcp`, [entry({ host: 'upstream.test' })], async () => {
    throw new Error('SERVFAIL');
  });
  assert.equal(got.denied, 'the host name could not be resolved');
});

test('rebinding finds no gap: the name is resolved once per connection and the judged address is used', async () => {
  let asked = 0;
  const rebinding: Lookup = async () => {
    asked++;
    return asked === 1 ? ['127.0.0.1'] : ['10.0.0.1'];
  };
  const entries = [entry({ host: 'upstream.test' })];
  const egress = createEgress({ entries: () => entries, lookup: rebinding });
  const get = guardedFetch(egress);
  assert.equal(await (await get(`http://upstream.test:${port}/mcp`)).text(), 'hello');
  assert.equal(asked, 1, 'no second answer is asked for between judging and connecting');
  listener.closeAllConnections();
  await assert.rejects(get(`http://upstream.test:${port}/mcp`), (error) => egressDenialIn(error) !== null);
  assert.equal(connections, 1);
  await egress.close();
});

test('a redirect is refused and its target never contacted', async () => {
  answerWith = { status: 302, headers: { location: `http://127.0.0.1:${port}/mcp/elsewhere` } };
  const got = await reach(`http://127.0.0.1:${port}/mcp`, [entry()]);
  assert.equal(got.denied, 'the server answered with a redirect');
  assert.equal(hosts.length, 1);
});

test('taking an entry off the list ends the pool, open connections included', async () => {
  let entries: readonly EgressEntry[] = [entry()];
  const egress = createEgress({ entries: () => entries });
  const url = `http://127.0.0.1:${port}/mcp`;
  const pool = egress.poolFor(url);
  assert.ok(pool.ok);
  const { body } = await pool.value.request({ path: '/mcp', method: 'GET' });
  assert.equal(await body.text(), 'hello');
  assert.equal(egress.poolFor(url).ok, true);
  entries = [];
  assert.equal(egress.poolFor(url).ok, false);
  await assert.rejects(pool.value.request({ path: '/mcp', method: 'GET' }));
  await egress.close();
});

test('an entry that expires stops answering without any change of the list', () => {
  let nowMs = 1_000_000;
  const entries = [entry({ expiresAt: nowMs + 1000 })];
  const egress = createEgress({ entries: () => entries, now: () => nowMs });
  const url = `http://127.0.0.1:${port}/mcp`;
  assert.equal(egress.poolFor(url).ok, true);
  nowMs += 1000;
  assert.equal(egress.poolFor(url).ok, false);
});

test('what goes on over a rotated certificate ends with its entry all the same', async () => {
  const slow = createServer((_request, response) => {
    response.writeHead(200).write('begins');
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const address = slow.address();
  assert.ok(address !== null && typeof address !== 'string');
  const rotated = (version: number) => [entry({ port: address.port, clientCertificateVersion: version })];
  let entries: readonly EgressEntry[] = rotated(1);
  const egress = createEgress({ entries: () => entries });
  try {
    const response = await guardedFetch(egress)(`http://127.0.0.1:${address.port}/mcp`);
    const reading = response.text().then(
      () => 'ended',
      () => 'cut',
    );
    entries = rotated(2);
    assert.ok(egress.poolFor(`http://127.0.0.1:${address.port}/mcp`).ok, 'what comes next has the next certificate');
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(() => late.resolve('lives on'), 2_500);
    assert.equal(
      await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, 1_200, 'goes on'))]),
      'goes on',
    );
    entries = [];
    assert.equal(await Promise.race([reading, late.promise]), 'cut');
    clearTimeout(timer);
  } finally {
    slow.closeAllConnections();
    slow.close();
    await egress.close();
  }
});
