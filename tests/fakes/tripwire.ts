// A listener on loopback that nobody may reach: it counts connections and keeps what came over them.
import { createServer, type IncomingHttpHeaders } from 'node:http';

export type Tripwire = {
  readonly port: number;
  connections(): number;
  /** Headers of the requests that got through. */
  readonly requests: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** What it answers. */
  answer: { status: number; headers: Readonly<Record<string, string>>; body: string };
  reset(): void;
  close(): Promise<void>;
};

/** Starts it on a free port of 127.0.0.1. */
export async function startTripwire(): Promise<Tripwire> {
  let connections = 0;
  const requests: Tripwire['requests'] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      requests.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() });
      const { status, headers, body } = wire.answer;
      response.writeHead(status, headers).end(body);
    });
  });
  server.on('connection', () => {
    connections++;
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const wire: Tripwire = {
    port,
    connections: () => connections,
    requests,
    answer: { status: 200, headers: {}, body: 'inside' },
    reset: () => {
      connections = 0;
      requests.length = 0;
      wire.answer = { status: 200, headers: {}, body: 'inside' };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return wire;
}
