// An agent's whole process tree behind a wall through which only gateway and proxy are reached.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { type Relay, startRelay } from '#tests/confinement/relay.ts';
import {
  agentWithWayOut,
  type HttpDestination,
  listenHttp,
  openProxy,
  type ProxyInstallation,
} from '#tests/db/egress-proxy/proxy-fixture.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { acceptUpstream } from '#tests/fixtures/gateway.ts';

/** Root needs no user namespace; others need one that the kernel lets them have. */
const UNSHARE = process.getuid?.() === 0 ? ['-n'] : ['-rn'];
const LOOPBACK_UP = 'ip link set lo up';

function whyNot(): string | false {
  if (process.platform !== 'linux') return 'network namespaces are Linux’s: run this on Linux';
  const tried = spawnSync('unshare', [...UNSHARE, 'sh', '-c', LOOPBACK_UP], { encoding: 'utf8' });
  if (tried.error !== undefined) return 'unshare (util-linux) is not installed';
  if (tried.status === 0) return false;
  return `network namespaces are not permitted here, or ip (iproute2) is missing: ${tried.stderr.trim()}`;
}
const skip = whyNot();

const SAID = z.object({
  direct: z.array(z.enum(['reached', 'refused', 'no'])),
  curlDirect: z.array(z.number()),
  dns: z.boolean(),
  gateway: z.string(),
  listed: z.object({ code: z.number(), out: z.string() }),
  unlisted: z.object({ code: z.number(), out: z.string() }),
  doctor: z.object({ code: z.number(), out: z.string() }).nullable(),
});

let proxy: ProxyInstallation;
let upstream: RecordingUpstream;
let web: HttpDestination;
let scratch: string;
let relays: Relay[] = [];
let neighbour: Neighbour | null = null;
let tokens: { readonly gateway: string; readonly proxy: string };

type Neighbour = { readonly place: { readonly host: string; readonly port: number }; readonly server: Server };

/** Something that answers at an address of the network, where this machine has one. */
function startNeighbour(): Promise<Neighbour | null> {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const host = own.find((one) => !one.internal && one.family === 'IPv4')?.address;
  if (host === undefined) return Promise.resolve(null);
  const server = createServer((_request, response) => response.end('from next door'));
  return new Promise((resolve) => {
    server.listen(0, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? { place: { host, port: address.port }, server } : null);
    });
  });
}

before(async () => {
  neighbour = await startNeighbour();
  proxy = await openProxy();
  upstream = await startRecordingUpstream();
  web = await listenHttp(() => ({ body: 'from the listed host' }));
  proxy.names.set('web.example.com', ['127.0.0.1']);
  const { at } = proxy;
  await acceptUpstream(at, 'files', upstream, { echo: 'low' });
  const made = await agentWithWayOut(proxy, 'inside', { host: 'web.example.com', port: web.port, scheme: 'http' }, [
    'files',
  ]);
  const issued = await issueToken(at, at.admin, 'inside', { audience: '/mcp/files', ttlS: 3600 });
  assert.ok(issued.ok);
  tokens = { gateway: issued.value.token, proxy: made.token };
  scratch = mkdtempSync(join(tmpdir(), 'cs-wall-'));
  relays = [
    await startRelay({ path: join(scratch, 'gateway.sock') }, { port: proxy.gateway.port }),
    await startRelay({ path: join(scratch, 'proxy.sock') }, { port: proxy.gateway.proxyPort }),
  ];
});
after(async () => {
  for (const relay of relays) await relay.close();
  rmSync(scratch, { recursive: true, force: true });
  neighbour?.server.close();
  neighbour?.server.closeAllConnections();
  await web.close();
  await upstream.close();
  await proxy.close();
});

/** The destinations on loopback, and one at this machine's address on the network. */
function outside() {
  return [
    { host: '127.0.0.1', port: web.port },
    { host: '127.0.0.1', port: upstream.port },
    ...(neighbour === null ? [] : [neighbour.place]),
  ];
}

async function runAgent(isConfined: boolean): Promise<z.infer<typeof SAID>> {
  const task = {
    wall: isConfined ? scratch : null,
    gatewayPort: proxy.gateway.port,
    proxyPort: proxy.gateway.proxyPort,
    gatewayToken: tokens.gateway,
    proxyToken: tokens.proxy,
    agent: 'inside',
    outside: outside(),
    upstreamUrl: upstream.url,
    listedUrl: `http://web.example.com:${web.port}/`,
    unlistedUrl: `http://elsewhere.example.com:${web.port}/`,
    scratch,
    // Outside the wall it would knock at the public net, which a test does not.
    runDoctor: isConfined,
  };
  const agent = [process.execPath, 'tests/confinement/agent-host.ts', JSON.stringify(task)];
  const [command = '', ...args] = isConfined
    ? ['unshare', ...UNSHARE, 'sh', '-c', `${LOOPBACK_UP} && exec "$@"`, 'sh', ...agent]
    : agent;
  const out = await new Promise<string>((resolve, reject) => {
    execFile(command, args, { timeout: 60_000 }, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr, { cause: error })),
    );
  });
  return SAID.parse(JSON.parse(out));
}

test('inside the wall direct connections fail for the agent and its children, and gateway and proxy work', {
  skip,
}, async () => {
  const [reachedWeb, reachedUpstream] = [web.connections(), upstream.calls.length];
  const said = await runAgent(true);
  assert.ok(!said.direct.includes('reached'), JSON.stringify(said.direct));
  assert.ok(!said.curlDirect.includes(0), JSON.stringify(said.curlDirect));
  assert.equal(said.dns, false);
  assert.match(said.gateway, /from inside/);
  assert.equal(said.listed.out, 'from the listed host200');
  assert.match(said.unlisted.out, /"code":"egress-denied".*403$/);
  assert.equal(web.connections(), reachedWeb + 1, 'only the proxy reached the listed host');
  assert.ok(upstream.calls.length > reachedUpstream);
});

test('inside the wall the doctor finds nothing bad', { skip }, async () => {
  const { doctor } = await runAgent(true);
  assert.equal(doctor?.code, 0, doctor?.out ?? 'no answer');
  assert.match(doctor?.out ?? '', /"bad": 0/);
});

test('without the wall the same process tree reaches everything directly (guard-off twin)', async () => {
  const said = await runAgent(false);
  assert.ok(
    said.direct.every((one) => one === 'reached'),
    JSON.stringify(said.direct),
  );
  assert.equal(said.curlDirect[0], 0);
});
