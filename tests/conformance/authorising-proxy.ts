// The official suite sends no token. This stands before the gateway and adds one; everything else passes as it came.
import { createServer, request as send } from 'node:http';

export type AuthorisingProxy = {
  readonly port: number;
  /** Passes on to this port, with this token, from now on. */
  aim(port: number, token: string): void;
  close(): Promise<void>;
};

/** Starts it on a free loopback port: the gateway must know that port as its public one, for the Origin check. */
export async function startAuthorisingProxy(): Promise<AuthorisingProxy> {
  let target = { port: 0, token: '' };
  const server = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${target.token}` };
    const { method, url } = incoming;
    const onward = send({ port: target.port, host: '127.0.0.1', method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    port,
    aim: (to, token) => {
      target = { port: to, token };
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
