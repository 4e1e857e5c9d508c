// The name under which a stdio server's process goes out: whose it is, and everything that ends it, in every gateway.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ok, type Result } from '#lib/core/result.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { moveServers } from '#lib/server/commands/move-servers.ts';
import { retireCredential } from '#lib/server/credentials/change-credential.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { writeConfig } from '#lib/server/db/config-write.ts';
import { endProxyCredential, proxyEpochOf } from '#lib/server/egress-proxy/end-proxy-credential.ts';
import { serverProxyCredential } from '#lib/server/egress-proxy/proxy-credential.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { giveCredential, inDays } from '#tests/fixtures/credentials.ts';
import { eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
import {
  allow,
  basic,
  type Listener,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
} from './proxy-fixture.ts';

/** Answers a handshake and lists one tool: what a rotation's test call asks of it. */
const PROGRAM = `
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const result = method === 'initialize'
      ? { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'files', version: '1' } }
      : { tools: [{ name: 'read', inputSchema: { type: 'object' } }] };
    process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n');
  });`;
const ARGV = [process.execPath, '-e', PROGRAM];
const REASON = 'the test';

let proxy: ProxyInstallation;
let second: Gateway;
let echo: Listener;
let serverId: string;

before(async () => {
  proxy = await openProxy();
  const { at } = proxy;
  second = await startTestGateway(at);
  echo = await listenTcp();
  proxy.names.set('echo.example.com', ['127.0.0.1']);
  await at.prisma.stdioCommand.create({ data: { name: 'files', argv: ARGV } });
  const about = {
    transport: 'stdio' as const,
    name: 'files',
    command: 'files',
    tier: 'high' as const,
    description: '',
  };
  const made = await registerServer(at, at.admin, about);
  assert.ok(made.ok);
  serverId = (await at.prisma.server.findUniqueOrThrow({ where: { name: 'files' } })).id;
  await allow(at, 'server:files', { host: 'echo.example.com', port: echo.port });
});
after(async () => {
  await second?.close();
  await echo?.close();
  await proxy?.close();
});

/** What a child would be started with now. */
async function credentialNow(): Promise<string> {
  const { at } = proxy;
  const { configHash } = await at.prisma.server.findUniqueOrThrow({ where: { id: serverId } });
  return serverProxyCredential(at.keys, { serverId, configHash, proxyEpoch: await proxyEpochOf(at.prisma, serverId) });
}
const ask = async (port: number, credential: string, name = 'files', host = 'echo.example.com') => {
  const answer = await openTunnel(port, basic(`server.${name}`, credential), `${host}:${echo.port}`);
  answer.socket.destroy();
  return answer.status;
};
/** Past the proof of who asks: a resolver of this machine does not know the name, so the second gateway gets no further. */
const isKnown = async (gateway: Gateway, credential: string) =>
  ![407, 0].includes(await ask(gateway.proxyPort, credential));
const both = () => [proxy.gateway, second];
const knownInBoth = (credential: string) =>
  eventually('both gateways to know the process', async () =>
    (await Promise.all(both().map((gateway) => isKnown(gateway, credential)))).every(Boolean),
  );
/** Milliseconds until a gateway says that it does not know the credential. */
async function refusedIn(gateway: Gateway, credential: string): Promise<number> {
  const since = performance.now();
  await eventually('the old credential to be refused', async () => (await ask(gateway.proxyPort, credential)) === 407);
  return performance.now() - since;
}

/** Does something that must end the credential; the next one is let in. */
async function ends(cause: () => Promise<unknown>, before: () => Promise<unknown> = async () => undefined) {
  await before();
  const old = await credentialNow();
  await knownInBoth(old);
  await cause();
  for (const took of await Promise.all(both().map((gateway) => refusedIn(gateway, old)))) {
    assert.ok(took < 1_000, `${took} ms`);
  }
  const next = await credentialNow();
  assert.notEqual(next, old);
  await knownInBoth(next);
  for (const gateway of both()) assert.equal(await ask(gateway.proxyPort, old), 407);
}
const must = async (result: Promise<Result<unknown, unknown>>) => {
  const got = await result;
  assert.ok(got.ok, JSON.stringify(got));
};

test('a process reaches what its own list names, and only under its own name', async () => {
  const credential = await credentialNow();
  await knownInBoth(credential);
  const { proxyPort } = proxy.gateway;
  await eventually('its list', async () => (await ask(proxyPort, credential)) === 200);
  assert.equal(await ask(proxyPort, credential, 'files', 'unlisted.example.com'), 403);
  assert.equal(await ask(proxyPort, credential, 'other'), 407);
  assert.equal(await ask(proxyPort, `${credential.slice(0, -2)}xx`), 407);
  const bare = await openTunnel(proxyPort, basic('files', credential), `echo.example.com:${echo.port}`);
  assert.equal(bare.status, 407);
});

test('switching the server off ends it for good: switched on again, the old one stays out', () =>
  ends(async () => {
    const { at } = proxy;
    await must(changeServer(at, at.admin, 'files', { status: 'disabled', reason: REASON }));
    await must(changeServer(at, at.admin, 'files', { status: 'active', reason: REASON }));
  }));

test('another command ends it, also where the first command comes back', () =>
  ends(async () => {
    const { at } = proxy;
    const hashes = [[...ARGV, '--other'], ARGV].map((command) => serverConfigHash({ transport: 'stdio', command }));
    for (const hash of hashes) {
      await must(
        writeConfig(at, at.admin, async (write) => {
          await moveServers(write, 'files', hash);
          return ok(true);
        }),
      );
    }
  }));

for (const scope of ['everything', 'server:files', 'server:egress']) {
  test(`a kill of ${scope} ends it, and a restore does not bring it back`, () =>
    ends(async () => {
      const { at } = proxy;
      await must(kill(at, at.admin, { scope, reason: REASON }));
      // As a completed restore leaves it; who completes one is another test's matter.
      await at.prisma.$executeRaw`UPDATE kill_head SET epoch = epoch + 1`;
      await at.prisma
        .$executeRaw`UPDATE kill_state SET "on" = false, epoch = (SELECT epoch FROM kill_head) WHERE scope = ${scope}`;
      await at.prisma.$executeRaw`SELECT pg_notify('cs_kill', '{}')`;
    }));
}

test('a rotation of the server’s own secret ends it, and so does taking the secret away', async () => {
  const { at } = proxy;
  const config = { kind: 'env' as const, variable: 'FILES_TOKEN' };
  await ends(
    () => must(rotateCredential(at, at.admin, 'files-key', { secret: 'files-secret-next-1', reason: REASON })),
    () => giveCredential(at, { server: 'files', config, secret: 'files-secret-first-1', endsAt: inDays(30) }),
  );
  await ends(() => must(retireCredential(at, at.admin, 'files-key', REASON)));
});

test('an admin ends it with a word, open tunnels too, and the log says who; others may not', async () => {
  const { at } = proxy;
  const refused = await endProxyCredential(at, { ...at.admin, roles: ['reviewer'] }, 'files', { reason: REASON });
  assert.equal(refused.ok ? 'done' : refused.error.code, 'not-allowed');
  const old = await credentialNow();
  const tunnel = await openTunnel(proxy.gateway.proxyPort, basic('server.files', old), `echo.example.com:${echo.port}`);
  assert.equal(tunnel.status, 200);
  const closed = new Promise<number>((resolve) => tunnel.socket.once('close', () => resolve(performance.now())));
  tunnel.socket.resume();
  const since = performance.now();
  await ends(() => must(endProxyCredential(at, at.admin, 'files', { reason: REASON })));
  assert.ok((await closed) - since < 1_000);
  const said = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'server.proxy-credential-ended');
  assert.match(said.at(-1)?.text ?? '', /"name":"Ana"/);
});

test('what ends nothing leaves it: a description, a tier, another kill', async () => {
  const { at } = proxy;
  const credential = await credentialNow();
  await knownInBoth(credential);
  await must(changeServer(at, at.admin, 'files', { description: 'files', tier: 'medium', reason: REASON }));
  await must(kill(at, at.admin, { scope: 'high-risk', reason: REASON }));
  assert.equal(await credentialNow(), credential);
  await knownInBoth(credential);
});
