import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ProxyAgent, request as undiciRequest } from 'undici';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { createConnectionLimits } from '#lib/server/egress-proxy/connection-limits.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { agentWithToken, eventually } from '#tests/fixtures/gateway.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
import {
  agentWithWayOut,
  allow,
  basic,
  listenHttp,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
} from './proxy-fixture.ts';

let proxy: ProxyInstallation;
let echo: Awaited<ReturnType<typeof listenTcp>>;
let alpha: { readonly id: string; readonly token: string };
before(async () => {
  proxy = await openProxy();
  echo = await listenTcp();
  proxy.names.set('echo.example.com', ['127.0.0.1']);
  alpha = await agentWithWayOut(proxy, 'alpha', { host: 'echo.example.com', port: echo.port });
});
after(async () => {
  await echo.close();
  await proxy.close();
});

const outcomes = async () =>
  (await recordedEvents(proxy.at.prisma)).filter(({ type }) => type === 'call.outcome').map(({ text }) => text);

test('without a credential the answer is 407 and names how to prove who asks', async () => {
  const { status, head } = await openTunnel(proxy.gateway.proxyPort, null, `echo.example.com:${echo.port}`);
  assert.equal(status, 407);
  assert.match(head, /\r\nproxy-authenticate: Basic realm="countersign egress", Bearer/);
  assert.equal(echo.connections(), 0);
});

test('an agent is let through by its own token, as Bearer and as Basic, and every byte is counted', async () => {
  for (const auth of [`Bearer ${alpha.token}`, basic('alpha', alpha.token)]) {
    const seen = (await outcomes()).length;
    const { status, socket } = await openTunnel(proxy.gateway.proxyPort, auth, `echo.example.com:${echo.port}`);
    assert.equal(status, 200);
    const sent = randomBytes(300_000);
    const back: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => back.push(chunk));
    socket.end(sent);
    await new Promise((resolve) => socket.once('close', resolve));
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    assert.equal(hash(Buffer.concat(back)), hash(sent));
    const outcome = await eventually('the outcome', async () => (await outcomes())[seen]);
    assert.match(outcome, /"bytesIn":300000,"bytesOut":300000/);
    assert.match(outcome, /"status":"succeeded"/);
  }
});

test('a connection is a call: its intent is recorded before the first byte leaves', async () => {
  const { socket } = await openTunnel(
    proxy.gateway.proxyPort,
    `Bearer ${alpha.token}`,
    `echo.example.com:${echo.port}`,
  );
  socket.destroy();
  const intents = (await recordedEvents(proxy.at.prisma)).filter(({ type }) => type === 'call.intent');
  assert.match(intents.at(-1)?.text ?? '', /"server":\{"name":"egress"/);
});

test('wrong, foreign and revoked credentials get 407 and reach nothing', async () => {
  const { at, gateway } = proxy;
  const other = await agentWithToken(at, { name: 'other' }, '/api/v1/calls');
  const gone = await agentWithWayOut(proxy, 'gone', { host: 'echo.example.com', port: echo.port });
  assert.ok((await revokeAgent(at, at.admin, 'gone', 'the test')).ok);
  await eventually('the revocation', async () => {
    const answer = await openTunnel(gateway.proxyPort, `Bearer ${gone.token}`, `echo.example.com:${echo.port}`);
    answer.socket.destroy();
    return answer.status === 407;
  });
  const before = echo.connections();
  const credentials = [
    `Bearer cs_${'a'.repeat(43)}`,
    `Bearer ${other.token}`,
    `Bearer ${gone.token}`,
    basic('beta', alpha.token),
    basic('alpha', `${alpha.token}x`),
    `Digest ${alpha.token}`,
    'Basic !!!!',
    `Basic ${Buffer.from('noseparator').toString('base64')}`,
  ];
  for (const auth of credentials) {
    const { status } = await openTunnel(gateway.proxyPort, auth, `echo.example.com:${echo.port}`);
    assert.equal(status, 407, auth.slice(0, 20));
  }
  assert.equal(echo.connections(), before);
});

test('the list is each identity’s own: what one agent may reach another may not', async () => {
  const { gateway } = proxy;
  const beta = await agentWithWayOut(proxy, 'beta', { host: 'only-beta.example.com', port: echo.port });
  proxy.names.set('only-beta.example.com', ['127.0.0.1']);
  const before = echo.connections();
  const refused = await openTunnel(gateway.proxyPort, `Bearer ${alpha.token}`, `only-beta.example.com:${echo.port}`);
  assert.equal(refused.status, 403);
  assert.match(refused.head, /"code":"egress-denied"/);
  assert.equal(echo.connections(), before);
  assert.ok(!proxy.asked.includes('only-beta.example.com'), 'the name of a refused host is not even resolved');
  const allowed = await openTunnel(gateway.proxyPort, `Bearer ${beta.token}`, `only-beta.example.com:${echo.port}`);
  assert.equal(allowed.status, 200);
  allowed.socket.destroy();
});

test('the gateway’s own entries open nothing to agents', async () => {
  await allow(proxy.at, 'gateway', { host: 'upstream.example.com', port: echo.port });
  proxy.names.set('upstream.example.com', ['127.0.0.1']);
  const { status } = await openTunnel(
    proxy.gateway.proxyPort,
    `Bearer ${alpha.token}`,
    `upstream.example.com:${echo.port}`,
  );
  assert.equal(status, 403);
});

test('an entry with a path opens no tunnel: nobody could see what is asked inside', async () => {
  await allow(proxy.at, 'agent:alpha', { host: 'paths.example.com', port: echo.port, path: '/mcp' });
  proxy.names.set('paths.example.com', ['127.0.0.1']);
  const { status } = await openTunnel(
    proxy.gateway.proxyPort,
    `Bearer ${alpha.token}`,
    `paths.example.com:${echo.port}`,
  );
  assert.equal(status, 403);
});

test('undici’s own proxy agent gets http through, and https as a tunnel', async () => {
  const web = await listenHttp();
  try {
    proxy.names.set('web.example.com', ['127.0.0.1']);
    await allow(proxy.at, 'agent:alpha', { host: 'web.example.com', port: web.port, scheme: 'http' });
    const uri = `http://127.0.0.1:${proxy.gateway.proxyPort}`;
    for (const proxyTunnel of [true, false]) {
      const dispatcher = new ProxyAgent({ uri, token: `Bearer ${alpha.token}`, proxyTunnel });
      const url = `http://web.example.com:${web.port}/a?b=c`;
      const answer = await eventually('the entry', async () => {
        const tried = await undiciRequest(url, { dispatcher }).catch(() => null);
        return tried?.statusCode === 200 ? tried : null;
      });
      assert.equal(await answer.body.text(), 'hello');
      await dispatcher.close();
    }
    assert.deepEqual(
      web.requests.map(({ line }) => line),
      ['GET /a?b=c', 'GET /a?b=c'],
    );
    assert.ok(!web.received().includes(alpha.token), 'the identity’s secret stays at the proxy');
  } finally {
    await web.close();
  }
});

test('what was tried is in the book of attempts', async () => {
  const rows = await eventually('both verdicts', async () => {
    const found = await proxy.at.prisma.egressAttempt.findMany({ where: { identity: 'agent:alpha' } });
    return found.some((row) => row.verdict === 'allowed' && row.bytesIn >= 600_000n) &&
      found.some((row) => row.verdict === 'denied' && row.host === 'only-beta.example.com')
      ? found
      : null;
  });
  assert.ok(rows.length >= 2);
});

test('the door knows the proxy’s server by the proxy alone: no other way asks for its tools', async () => {
  const { at, gateway } = proxy;
  const caller = await agentWithToken(at, { name: 'caller' }, '/api/v1/calls');
  const answer = await eventually('the token', async () => {
    const said = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${caller.token}` },
      body: JSON.stringify({
        server: 'egress',
        tool: 'connect',
        arguments: { host: 'echo.example.com', port: 443, scheme: 'https' },
      }),
    });
    return said.status === 401 ? null : said;
  });
  assert.match(await answer.text(), /"code":"unknown-server"/);
});

test('nobody registers a server under the proxy’s name', async () => {
  const made = await registerServer(proxy.at, proxy.at.admin, {
    transport: 'external',
    name: 'egress',
    tier: 'low',
    description: '',
    tools: [],
  });
  assert.equal(made.ok ? 'made' : made.error.code, 'name-taken');
});

test('one identity cannot take the places of the others', async () => {
  const limits = createConnectionLimits({ each: 2, all: 3 });
  const first = limits.take('agent:a');
  assert.ok(first !== null && limits.take('agent:a') !== null);
  assert.equal(limits.take('agent:a'), null);
  assert.ok(limits.take('agent:b') !== null);
  assert.equal(limits.take('agent:b'), null);
  first();
  first();
  assert.equal(limits.open(), 2);
});
