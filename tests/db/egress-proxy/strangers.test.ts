import { connect, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { eventually } from '#tests/fixtures/gateway.ts';
import { openProxy, type ProxyInstallation } from './proxy-fixture.ts';

let proxy: ProxyInstallation;
before(async () => {
  proxy = await openProxy();
});
after(() => proxy.close());

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
