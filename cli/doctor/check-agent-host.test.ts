import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { type AgentHostOptions, checkAgentHost, OUTSIDE } from './check-agent-host.ts';
import { isBad } from './finding.ts';

const listen = (server: Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(portOf(server.address())));
  });
const close = (server: Server) => new Promise<void>((resolve) => server.close(() => resolve()));

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

/** A gateway that lives and a proxy that knows one token and one destination. */
async function withSides(work: (sides: Pick<AgentHostOptions, 'gateway' | 'proxy'>) => Promise<void>): Promise<void> {
  const gateway = createHttpServer((_request, response) => response.end('live\n'));
  const proxy = createHttpServer();
  proxy.on('connect', (request, socket) => {
    const isKnown = request.headers['proxy-authorization'] === 'Bearer good';
    const status = !isKnown ? 407 : request.url === 'listed.example.com:443' ? 200 : 403;
    socket.end(`HTTP/1.1 ${status} Said\r\n\r\n`);
  });
  const urls = {
    gateway: `http://127.0.0.1:${await listen(gateway)}`,
    proxy: `http://127.0.0.1:${await listen(proxy)}`,
  };
  try {
    await work(urls);
  } finally {
    gateway.closeAllConnections();
    proxy.closeAllConnections();
    await Promise.all([close(gateway), close(proxy)]);
  }
}

const NOTHING = { tcp: [], dns: [], names: [] };
const rest = { token: null, through: null, upstreams: [], outside: NOTHING, limitMs: 1_000 };

test('a host from which only gateway and proxy answer has nothing bad', async () => {
  const closed = createServer();
  const port = await listen(closed);
  await close(closed);
  await withSides(async (sides) => {
    const found = await checkAgentHost({
      ...sides,
      ...rest,
      token: 'good',
      through: 'listed.example.com:443',
      upstreams: [`http://127.0.0.1:${port}/mcp`],
      outside: { tcp: [['https', '127.0.0.1', port]], dns: [['127.0.0.1', port]], names: ['nowhere.invalid'] },
    });
    assert.deepEqual(found.filter(isBad), []);
    assert.deepEqual(
      new Set(found.map(({ check }) => check)),
      new Set(['direct', 'dns', 'resolver', 'upstream', 'gateway', 'proxy', 'credential']),
    );
  });
});

test('each way out that is open is a hole of its own', async () => {
  const open = createServer((socket) => socket.end());
  const port = await listen(open);
  const resolver = createSocket('udp4');
  const dnsPort = await new Promise<number>((resolve) =>
    resolver.bind(0, '127.0.0.1', () => resolve(resolver.address().port)),
  );
  resolver.on('message', (message, from) => resolver.send(message, from.port, from.address));
  await withSides(async (sides) => {
    const found = await checkAgentHost({
      ...sides,
      ...rest,
      upstreams: [`http://127.0.0.1:${port}/mcp`],
      outside: { tcp: [['https', '127.0.0.1', port]], dns: [['127.0.0.1', dnsPort]], names: ['localhost'] },
    });
    assert.deepEqual(
      found
        .filter(isBad)
        .map(({ check }) => check)
        .toSorted(),
      ['direct', 'dns', 'resolver', 'upstream'],
    );
  });
  resolver.close();
  await close(open);
});

test('a proxy that lets anybody through, or does not know the agent, is said so', async () => {
  const anybody = createHttpServer();
  anybody.on('connect', (_request, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const port = await listen(anybody);
  await withSides(async (sides) => {
    const open = await checkAgentHost({ ...sides, ...rest, proxy: `http://127.0.0.1:${port}` });
    assert.deepEqual(
      open.filter(isBad).map(({ check }) => check),
      ['proxy'],
    );
    const unknown = await checkAgentHost({ ...sides, ...rest, token: 'other' });
    assert.deepEqual(
      unknown.filter(isBad).map(({ check }) => check),
      ['credential'],
    );
    const unlisted = await checkAgentHost({ ...sides, ...rest, token: 'good', through: 'other.example.com:443' });
    assert.deepEqual(
      unlisted.filter(isBad).map(({ check }) => check),
      ['credential'],
    );
  });
  await close(anybody);
});

test('a gateway and a proxy that are away are bad: somebody would open a hole to get around them', async () => {
  const found = await checkAgentHost({ ...rest, gateway: 'http://127.0.0.1:1', proxy: 'http://127.0.0.1:1' });
  assert.deepEqual(
    found.filter(isBad).map(({ check }) => check),
    ['gateway', 'proxy'],
  );
});

test('the list of what is outside has numbers, names, IPv6, DNS and the addresses that hand out credentials', () => {
  const hosts = OUTSIDE.tcp.map(([, host]) => host);
  for (const host of ['1.1.1.1', 'example.com', '169.254.169.254', 'fd00:ec2::254', '2606:4700:4700::1111']) {
    assert.ok(hosts.includes(host), host);
  }
  assert.ok(OUTSIDE.dns.length > 0 && OUTSIDE.names.length > 0);
});
