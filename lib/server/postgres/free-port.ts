// Server-only.
import { createServer } from 'node:net';

/** Whether nobody listens on the port of that address, or why not: `taken` or `forbidden`. */
export function probePort(port: number, address: string): Promise<'free' | 'taken' | 'forbidden'> {
  const { promise, resolve } = Promise.withResolvers<'free' | 'taken' | 'forbidden'>();
  const server = createServer();
  server.once('error', (error) => {
    resolve('code' in error && error.code === 'EADDRINUSE' ? 'taken' : 'forbidden');
  });
  server.listen({ port, host: address, exclusive: true }, () => server.close(() => resolve('free')));
  return promise;
}

/** A loopback port that was free a moment ago; whoever binds it must be ready to lose the race. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once('error', reject);
  server.listen({ port: 0, host: '127.0.0.1', exclusive: true }, () => {
    const address = server.address();
    server.close(() => {
      if (address === null || typeof address === 'string') {
        reject(new Error('The system gave no port.'));
      } else {
        resolve(address.port);
      }
    });
  });
  return promise;
}
