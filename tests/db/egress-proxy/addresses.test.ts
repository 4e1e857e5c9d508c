// N01-N06 through the proxy: every spelling and every resolution of a closed address, with listeners that hear nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import {
  agentWithWayOut,
  allow,
  type Listener,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
} from './proxy-fixture.ts';

let proxy: ProxyInstallation;
let inside: Listener;
let token: string;
before(async () => {
  proxy = await openProxy();
  inside = await listenTcp();
  proxy.names.set('ready.example.com', ['127.0.0.1']);
  const made = await agentWithWayOut(proxy, 'alpha', { host: 'ready.example.com', port: inside.port });
  token = made.token;
  await eventually('the entry', async () => (await status(`ready.example.com:${inside.port}`)) === 200);
});
after(async () => {
  await inside.close();
  await proxy.close();
});

const status = async (authority: string): Promise<number> => {
  const answer = await openTunnel(proxy.gateway.proxyPort, `Bearer ${token}`, authority);
  answer.socket.destroy();
  return answer.status;
};

/** Puts the name on the list without a range, as somebody would who believes it to be public. */
const listPublic = (host: string) => allow(proxy.at, 'agent:alpha', { host, port: inside.port, cidr: null });

test('no spelling of a closed address is let through', async () => {
  const before = inside.connections();
  const spellings = [
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0177.0.0.1',
    '127.1',
    '127.0.1',
    '0',
    '0.0.0.0',
    'localhost',
    'LOCALHOST',
    'localhost.',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::7f00:1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '[fec0::1]',
    '[fe80::1]',
    '169.254.169.254',
    '[fd00:ec2::254]',
    '100.100.100.200',
    '168.63.129.16',
    'metadata.google.internal',
    'ready.example.com.evil.test',
    'xn--redy-5na.example.com',
  ];
  for (const host of spellings) {
    const answer = await status(`${host}:${inside.port}`);
    assert.ok(answer === 403 || answer === 400, `${host}: ${answer}`);
  }
  for (const port of [1, 22, 65_535]) assert.equal(await status(`ready.example.com:${port}`), 403);
  for (const odd of [
    'ready.example.com',
    'ready.example.com:',
    'ready.example.com:0',
    'ready.example.com:99999',
    `a@ready.example.com:${inside.port}`,
    `ready.example.com%00:${inside.port}`,
    '①②⑦.0.0.1:80',
  ]) {
    assert.ok([400, 403].includes(await status(odd)), odd);
  }
  assert.equal(inside.connections(), before);
});

test('a listed name that resolves to a closed address connects nowhere, and the twin with a range does', async () => {
  const answers: readonly (readonly [string, readonly string[]])[] = [
    ['loopback.example.com', ['127.0.0.1']],
    ['mixed.example.com', ['93.184.215.14', '127.0.0.1']],
    ['mapped.example.com', ['::ffff:127.0.0.1']],
    ['compatible.example.com', ['::7f00:1']],
    ['nat64.example.com', ['64:ff9b::7f00:1']],
    ['metadata.example.com', ['169.254.169.254']],
    ['wireserver.example.com', ['168.63.129.16']],
    ['empty.example.com', []],
  ];
  for (const [host, addresses] of answers) {
    proxy.names.set(host, addresses);
    await listPublic(host);
  }
  await listPublic('unresolvable.example.com');
  await eventually('the entries', async () => {
    await status(`unresolvable.example.com:${inside.port}`);
    return proxy.asked.includes('unresolvable.example.com');
  });
  const before = inside.connections();
  for (const [host] of answers) assert.equal(await status(`${host}:${inside.port}`), 403, host);
  assert.equal(await status(`unresolvable.example.com:${inside.port}`), 403);
  assert.equal(inside.connections(), before);
  // Guard off: the same address, opened by an entry that names the range, is reached.
  assert.equal(await status(`ready.example.com:${inside.port}`), 200);
  assert.equal(inside.connections(), before + 1);
});

test('a name is asked for once for each connection, so a second answer is never used', async () => {
  proxy.names.set('rebind.example.com', ['93.184.215.14']);
  await allow(proxy.at, 'agent:alpha', { host: 'rebind.example.com', port: inside.port });
  const before = inside.connections();
  // The first answer is outside the range of the entry; by the time anybody could ask again it is inside.
  await eventually('the entry', async () => {
    const seen = proxy.asked.length;
    await status(`rebind.example.com:${inside.port}`);
    return proxy.asked.slice(seen).includes('rebind.example.com');
  });
  const seen = proxy.asked.length;
  assert.equal(await status(`rebind.example.com:${inside.port}`), 403);
  assert.equal(proxy.asked.slice(seen).length, 1);
  assert.equal(inside.connections(), before);
});

test('the ports of the console, the gateway and the database are closed to names that point at this machine', async () => {
  const { gatewayPort, port } = { gatewayPort: proxy.gateway.port, port: proxy.gateway.proxyPort };
  for (const own of [gatewayPort, port]) {
    assert.ok([400, 403].includes(await status(`127.0.0.1:${own}`)), String(own));
    assert.ok([400, 403].includes(await status(`localhost:${own}`)), String(own));
  }
});

test('an entry that ends closes what it had opened', async () => {
  proxy.names.set('brief.example.com', ['127.0.0.1']);
  const { at } = proxy;
  const added = await addEgressEntry(at, at.admin, {
    scheme: 'https',
    host: 'brief.example.com',
    port: inside.port,
    path: '/',
    cidr: '127.0.0.1/32',
    reason: 'for two seconds',
    expires: new Date(Date.now() + 2_000).toISOString(),
    identity: 'agent:alpha',
  });
  assert.ok(added.ok);
  const open = await eventually('the entry', async () => {
    const answer = await openTunnel(proxy.gateway.proxyPort, `Bearer ${token}`, `brief.example.com:${inside.port}`);
    return answer.status === 200 ? answer : null;
  });
  await new Promise((resolve) => open.socket.once('close', resolve));
  assert.equal(await status(`brief.example.com:${inside.port}`), 403);
});
