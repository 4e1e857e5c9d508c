// Somebody without a credential sends the proxy whatever can be written down: nobody is reached, nothing is looked up.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createRandom, type Random } from '#tests/web/fuzz/random.ts';
import { tableHashes } from '#tests/web/fuzz/table-hashes.ts';
import { converse } from './converse.ts';
import {
  agentWithWayOut,
  type Listener,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
} from './proxy-fixture.ts';

const REQUESTS = 1_000;
const AT_ONCE = 8;
const given = Number(process.env.CS_FUZZ_SEED);
const seed = Number.isInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);

let proxy: ProxyInstallation;
let inside: Listener;
before(async () => {
  proxy = await openProxy();
  inside = await listenTcp();
  proxy.names.set('inside.example', ['127.0.0.1']);
});
after(async () => {
  await inside.close();
  await proxy.close();
});

const METHODS = ['CONNECT', 'CONNECT', 'CONNECT', 'GET', 'POST', 'OPTIONS', 'TRACE', 'connect', 'QUERY', 'PRI'];
const VERSIONS = ['HTTP/1.0', 'HTTP/2.0', 'HTTP/9', 'x', ''];
const CREDENTIALS = [
  [],
  ['Proxy-Authorization: Bearer'],
  [`Proxy-Authorization: Bearer cs_${'A'.repeat(43)}`],
  ['Proxy-Authorization: Bearer eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJ4In0.'],
  ['Proxy-Authorization: Basic Og=='],
  ['Proxy-Authorization: Basic !!!'],
  [`Proxy-Authorization: Basic ${Buffer.from('known:cs_x').toString('base64')}`],
  [`Proxy-Authorization: Basic ${Buffer.from('server:files:x').toString('base64')}`],
  [`Proxy-Authorization: Bearer ${'x'.repeat(6_000)}`],
  ['Proxy-Authorization: Bearer a', 'Proxy-Authorization: Bearer b'],
  ['Authorization: Bearer x'],
];
const MORE = [
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity, chunked',
  'Content-Length: 5',
  'Content-Length: -1',
  'Connection: close',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'Host: evil.example',
  'X: \u0000',
  ' folded: y',
  `X: ${'y'.repeat(9_000)}`,
];

function targets(port: number): readonly string[] {
  return [
    `inside.example:${port}`,
    `127.0.0.1:${port}`,
    `[::ffff:127.0.0.1]:${port}`,
    `[::1]:${port}`,
    `0x7f000001:${port}`,
    `2130706433:${port}`,
    `localhost.:${port}`,
    `inside.example:${port}@evil.example:1`,
    'inside.example',
    'inside.example:0',
    'inside.example:99999',
    'inside.example:-1',
    `INSIDE.example:0${port}`,
    `[::1%25lo]:${port}`,
    '[::1',
    ':',
    '*',
    '/',
    '//',
    `http://127.0.0.1:${port}/`,
    `http://user:pw@inside.example:${port}/`,
    `HTTP://inside.example:${port}/../..`,
    `https://inside.example:${port}/`,
    `ftp://inside.example:${port}/`,
    'http://[::1',
    'http://',
    '%00',
    `${'a'.repeat(300)}.example:443`,
    'xn--a:443',
    'é.example:443',
  ];
}

function bytesOf(random: Random, port: number): string {
  const target = random.pick(targets(port));
  const version = random.once(12) ? random.pick(VERSIONS) : 'HTTP/1.1';
  const headers = [`Host: ${random.pick([target, 'evil.example', ''])}`, ...random.pick(CREDENTIALS)];
  if (random.once(3)) headers.push(random.pick(MORE));
  const end = random.once(8) ? random.pick(['', '\n', '\r\n']) : '\r\n\r\n';
  const body = random.pick([
    '',
    '',
    '{}',
    '0\r\n\r\n',
    'zz\r\n',
    '\u0016\u0003\u0001\u0002\u0000',
    'GET / HTTP/1.1\r\n\r\n',
  ]);
  const nl = random.once(12) ? '\n' : '\r\n';
  return [`${random.pick(METHODS)} ${target} ${version}`, ...headers].join(nl) + end + body;
}

async function send(count: number): Promise<Map<string, number>> {
  const random = createRandom(seed);
  const statuses = new Map<string, number>();
  let left = count;
  const worker = async () => {
    while (left-- > 0) {
      const bytes = bytesOf(random, inside.port);
      const answer = await converse(proxy.gateway.proxyPort, bytes);
      const status = /^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? (answer === '' ? 'closed' : 'other');
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      assert.match(status, /^(4\d\d|closed)$/, `${JSON.stringify(bytes.slice(0, 400))} -> ${answer.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return statuses;
}

test(`${REQUESTS} requests of a stranger reach nobody, look up nothing and change nothing`, {
  timeout: 120_000,
}, async (t) => {
  t.diagnostic(`seed ${seed}: CS_FUZZ_SEED=${seed} repeats this run`);
  const asked = proxy.asked.length;
  const before = await tableHashes(proxy.at.prisma);
  const statuses = await send(REQUESTS);
  t.diagnostic(
    [...statuses]
      .sort()
      .map(([status, count]) => `${status} × ${count}`)
      .join(', '),
  );
  assert.ok((statuses.get('407') ?? 0) > REQUESTS / 10, 'too few got as far as the question who asks');
  assert.equal(inside.connections(), 0);
  assert.deepEqual(proxy.asked.slice(asked), []);
  assert.deepEqual(await tableHashes(proxy.at.prisma), before);
});

test('with a credential the same destination is reached (the listener counts)', async () => {
  const to = { host: 'inside.example', port: inside.port };
  const { token } = await agentWithWayOut(proxy, 'known', to);
  const tunnel = await openTunnel(proxy.gateway.proxyPort, `Bearer ${token}`, `inside.example:${inside.port}`);
  assert.equal(tunnel.status, 200);
  assert.equal(inside.connections(), 1);
});
