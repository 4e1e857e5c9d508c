// An installation with its gateway and proxy, agents with a way out, and destinations that count who reached them.
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import type { ConnectTo } from '#lib/server/egress-proxy/dial.ts';
import type { ProxyPace } from '#lib/server/egress-proxy/proxy-parts.ts';
import { type Gateway, startGateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, gatewayEnv } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

export type ProxyInstallation = {
  readonly at: Installation;
  readonly gateway: Gateway;
  /** What names resolve to; a name that is not there does not resolve. */
  readonly names: Map<string, readonly string[]>;
  /** Every name that was asked for. */
  readonly asked: string[];
  /** Stops the gateway; once is enough. */
  stop(): Promise<void>;
  close(): Promise<void>;
};

/** Opens an installation whose proxy uses a resolver of the test, and its sockets where they are to lead elsewhere. */
export async function openProxy(pace: Partial<ProxyPace> = {}, sockets?: ConnectTo): Promise<ProxyInstallation> {
  const at = await openInstallation();
  const names = new Map<string, readonly string[]>();
  const asked: string[] = [];
  const lookup = async (host: string) => {
    asked.push(host);
    const found = names.get(host);
    if (found === undefined) throw new Error('no such name');
    return found;
  };
  const options = { databaseUrl: at.url, keys: at.keys, env: gatewayEnv(at), log: createLog('silent', 'gateway') };
  const gateway = await startGateway({
    ...options,
    proxy: {
      lookup,
      pace: { sweepMs: 50, drainMs: 300, ...pace },
      ...(sockets === undefined ? {} : { connect: sockets }),
    },
  });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= gateway.close();
    return stopped;
  };
  return {
    at,
    gateway,
    names,
    asked,
    stop,
    close: async () => {
      await stop();
      await at.close();
    },
  };
}

export type Destination = {
  readonly host: string;
  readonly port: number;
  readonly scheme?: 'http' | 'https';
  readonly path?: string;
  readonly cidr?: string | null;
};

/** Puts a destination on the list of an identity. */
export async function allow(at: Installation, identity: string, to: Destination): Promise<string> {
  const added = await addEgressEntry(at, at.admin, {
    scheme: to.scheme ?? 'https',
    host: to.host,
    port: to.port,
    path: to.path ?? '/',
    cidr: to.cidr === undefined ? '127.0.0.1/32' : to.cidr,
    reason: 'for the test',
    expires: null,
    identity,
  });
  if (!added.ok) throw new Error(`entry refused: ${added.error.code} ${added.error.detail ?? ''}`);
  return added.value.id;
}

/** An agent with a first destination and a token for the proxy. */
export async function agentWithWayOut(
  { at, gateway }: Pick<ProxyInstallation, 'at' | 'gateway'>,
  name: string,
  to: Destination,
  servers: readonly string[] = [],
): Promise<{ readonly id: string; readonly token: string }> {
  // A token for the proxy is for agents with a destination, and a destination is for agents that exist.
  const made = await makeAgent(at, { name, servers: [...servers] });
  await allow(at, `agent:${name}`, to);
  const issued = await issueToken(at, at.admin, name, { audience: '/egress', ttlS: 3600 });
  if (!issued.ok) throw new Error(`token refused: ${issued.error.code}`);
  const { token } = issued.value;
  await eventually('the gateway to know the token', async () => {
    const { status } = await openTunnel(gateway.proxyPort, `Bearer ${token}`, 'not-listed.invalid:1');
    return status === 403;
  });
  return { id: made.id, token };
}

export type Listener = {
  readonly port: number;
  /** Connections that reached it. */
  readonly connections: () => number;
  /** Bytes that reached it, as text. */
  readonly received: () => string;
  close(): Promise<void>;
};

/** A TCP listener on loopback; by default it echoes. */
export async function listenTcp(serve: (socket: Socket) => void = (socket) => socket.pipe(socket)): Promise<Listener> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let received = '';
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.once('close', () => sockets.delete(socket));
    serve(socket);
  });
  const port = await portOf(server);
  return {
    port,
    connections: () => connections,
    received: () => received,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A listener that says something for ever, as a download does. */
export function listenEndless(): Promise<Listener> {
  return listenTcp((socket) => {
    const timer = setInterval(() => socket.write('x'.repeat(1_000)), 5);
    socket.once('close', () => clearInterval(timer));
  });
}

export type HttpDestination = Listener & {
  readonly requests: { readonly line: string; readonly headers: string[]; readonly body: string }[];
};

/** An HTTP server on loopback that keeps what it was sent. */
export async function listenHttp(
  answer: (
    request: IncomingMessage,
    body: string,
  ) => { status?: number; headers?: Record<string, string>; body?: string } = () => ({}),
): Promise<HttpDestination> {
  const requests: { line: string; headers: string[]; body: string }[] = [];
  let connections = 0;
  const server = createHttpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      requests.push({ line: `${request.method} ${request.url}`, headers: request.rawHeaders, body });
      const said = answer(request, body);
      response.writeHead(said.status ?? 200, said.headers ?? {}).end(said.body ?? 'hello');
    });
  });
  server.on('connection', () => connections++);
  const port = await portOf(server);
  return {
    port,
    requests,
    connections: () => connections,
    received: () => JSON.stringify(requests),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      resolve(address.port);
    });
  });
}

/** What a client writes to the proxy, byte for byte, and everything it hears until the other side closes. */
export function sayRaw(port: number, text: string, most = 5_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    let heard = '';
    const timer = setTimeout(() => socket.destroy(), most);
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(heard);
    });
  });
}

export type Tunnel = { readonly status: number; readonly head: string; readonly socket: Socket };

/** Asks for a tunnel and waits for the answer's head (and, when refused, for all of it). */
export function openTunnel(port: number, authorization: string | null, authority: string): Promise<Tunnel> {
  return new Promise((resolve, reject) => {
    const auth = authorization === null ? '' : `Proxy-Authorization: ${authorization}\r\n`;
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${auth}\r\n`),
    );
    let heard = '';
    const statusOf = () => Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0);
    const onData = (chunk: Buffer) => {
      heard += chunk.toString('latin1');
      if (statusOf() !== 200 || !heard.includes('\r\n\r\n')) return;
      settle();
    };
    const settle = () => {
      socket.off('data', onData);
      socket.off('close', settle);
      resolve({ status: statusOf(), head: heard, socket });
    };
    socket.on('data', onData);
    socket.on('error', (error) => (heard === '' ? reject(error) : undefined));
    socket.on('close', settle);
  });
}

export function basic(name: string, secret: string): string {
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}
