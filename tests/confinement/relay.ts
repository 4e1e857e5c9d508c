// Two ends of a hole of known shape: a TCP port on one side of a network namespace, a unix socket through the wall.
import { connect, createServer, type Server, type Socket } from 'node:net';

export type RelayEnd = { readonly port: number } | { readonly path: string };
export type Relay = { close(): Promise<void> };

/** Listens at one end and passes every connection on to the other, as it is. */
export function startRelay(from: RelayEnd, to: RelayEnd): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const other = 'port' in to ? connect({ port: to.port, host: '127.0.0.1' }) : connect({ path: to.path });
    for (const [one, two] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => two.destroy());
      one.once('close', () => {
        sockets.delete(one);
        two.end();
      });
      one.pipe(two);
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const ready = () =>
      resolve({
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((done) => server.close(() => done()));
        },
      });
    if ('port' in from) server.listen(from.port, '127.0.0.1', ready);
    else server.listen(from.path, ready);
  });
}
