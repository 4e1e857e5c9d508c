import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import {
  agentWithWayOut,
  type Listener,
  listenTcp,
  openProxy,
  openTunnel,
  type ProxyInstallation,
} from './proxy-fixture.ts';

/** What one address may hold before it has said who it is. */
const MOST = 256;
let proxy: ProxyInstallation;
let echo: Listener;
before(async () => {
  proxy = await openProxy();
  echo = await listenTcp();
  proxy.names.set('echo.example.com', ['127.0.0.1']);
});
after(async () => {
  await echo.close();
  await proxy.close();
});

const port = () => proxy.gateway.proxyPort;

/** A peer that says something, keeps its own half open and never closes. Counts what the proxy closes. */
async function strangers(count: number, text: string) {
  const sockets: Socket[] = [];
  let closed = 0;
  for (let n = 0; n < count; n++) {
    const socket = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true }, () => {
      if (text !== '') socket.write(text);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => closed++);
    socket.resume();
    sockets.push(socket);
  }
  // A half-open peer learns of a destroyed socket when it writes.
  const poke = setInterval(() => {
    for (const socket of sockets) if (text !== '' && socket.writable) socket.write('x');
  }, 100);
  return {
    closed: () => closed,
    end: () => {
      clearInterval(poke);
      for (const socket of sockets) socket.destroy();
    },
  };
}

for (const [name, text] of [
  ['a tunnel without a token', 'CONNECT a.example.com:443 HTTP/1.1\r\nHost: a.example.com:443\r\n\r\n'],
  ['what is no HTTP', 'GARBAGE\r\n\r\n'],
] as const) {
  test(`a peer that asked for ${name} is let go of, though it never closes`, async () => {
    const peers = await strangers(20, text);
    try {
      await eventually('all to be closed', async () => peers.closed() === 20);
    } finally {
      peers.end();
    }
  });
}

/** A peer that only connects, from an address of this machine; resolves to whether the proxy keeps it. */
function idle(from: string): Promise<{ readonly socket: Socket; readonly kept: boolean }> {
  return new Promise((resolve) => {
    const socket = connect({ port: port(), host: '127.0.0.1', localAddress: from });
    socket.on('error', () => undefined);
    // The proxy says something only to those it keeps: half a request has no answer, a whole one has.
    socket.once('close', () => resolve({ socket, kept: false }));
    socket.once('data', () => resolve({ socket, kept: true }));
    socket.write('GET http://a.example.com/ HTTP/1.1\r\nHost: a.example.com\r\n\r\n');
  });
}

test('one address fills its own places with sockets that say nothing; whoever proved who they are, and others, go on', async () => {
  const { token } = await agentWithWayOut(proxy, 'alpha', { host: 'echo.example.com', port: echo.port });
  const tunnel = await openTunnel(port(), `Bearer ${token}`, `echo.example.com:${echo.port}`);
  assert.equal(tunnel.status, 200);
  // From an address that no other test of this file has sockets of, beside the tunnel's own.
  const from = '127.0.0.3';
  const sockets = Array.from({ length: MOST }, () => connect({ port: port(), host: '127.0.0.1', localAddress: from }));
  try {
    for (const socket of sockets) socket.on('error', () => undefined);
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    assert.equal((await idle(from)).kept, false, 'one more is closed unheard');
    assert.equal(sockets.filter((socket) => socket.destroyed).length, 0, 'those before it are kept');
    const elsewhere = await idle('127.0.0.4');
    assert.equal(elsewhere.kept, true);
    elsewhere.socket.destroy();
    const echoed = new Promise((resolve) => tunnel.socket.once('data', resolve));
    tunnel.socket.write('still here');
    assert.equal(String(await echoed), 'still here');
    sockets[0]?.destroy();
    await eventually('the place that was given back', async () => {
      const { socket, kept } = await idle(from);
      socket.destroy();
      return kept;
    });
  } finally {
    for (const socket of sockets) socket.destroy();
    tunnel.socket.destroy();
  }
});

test('sockets that proved who they are hold no place of a stranger', async () => {
  const { token } = await agentWithWayOut(proxy, 'beta', { host: 'echo.example.com', port: echo.port });
  const known = await Promise.all(
    Array.from({ length: 20 }, () => openTunnel(port(), `Bearer ${token}`, `echo.example.com:${echo.port}`)),
  );
  const sockets = Array.from({ length: MOST - 1 }, () => connect({ port: port(), host: '127.0.0.1' }));
  try {
    for (const socket of sockets) socket.on('error', () => undefined);
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await eventually('the last place to be free', async () => (await idle('127.0.0.1')).kept);
    assert.ok(known.every(({ status, socket }) => status === 200 && !socket.destroyed));
  } finally {
    for (const socket of [...sockets, ...known.map((tunnel) => tunnel.socket)]) socket.destroy();
  }
});
