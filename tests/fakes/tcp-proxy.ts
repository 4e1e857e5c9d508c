// A network between two processes of a test that can fail in the ways networks do.
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = {
  readonly port: number;
  /** Closes every connection and refuses new ones. */
  cut(): void;
  /** Keeps every connection open and lets nothing through: what a lost route looks like. */
  freeze(): void;
  /** Lets new connections through; frozen ones are closed, their bytes are gone. */
  restore(): void;
  close(): Promise<void>;
};

/** Forwards a loopback port to another address. */
export async function startTcpProxy(host: string, port: number): Promise<TcpProxy> {
  let state: 'open' | 'cut' | 'frozen' = 'open';
  const sockets = new Set<Socket>();

  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    track(client);
    if (state === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect(port, host);
    track(upstream);
    const pipe = (from: Socket, to: Socket) => {
      from.on('data', (chunk) => {
        if (state === 'open') to.write(chunk);
      });
      from.on('close', () => to.destroy());
    };
    pipe(client, upstream);
    pipe(upstream, client);
  });
  const destroyAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const bound = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port: bound,
    cut: () => {
      state = 'cut';
      destroyAll();
    },
    freeze: () => {
      state = 'frozen';
    },
    restore: () => {
      if (state === 'frozen') destroyAll();
      state = 'open';
    },
    close: () => {
      destroyAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
