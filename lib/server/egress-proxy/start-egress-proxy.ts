// Server-only. The way out for agents and stdio servers, as one listener beside the gateway's.
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Identify } from '../agents/identify.ts';
import type { Door } from '../calls/door.ts';
import { EGRESS_SERVER, EGRESS_SERVER_ID } from '../calls/egress-server.ts';
import type { Database } from '../db/prisma.ts';
import { type Lookup, systemLookup } from '../egress/connector.ts';
import type { AttemptBook } from '../egress/record-attempt.ts';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { refuseSocket } from './close-socket.ts';
import { createConnectionLimits } from './connection-limits.ts';
import type { ConnectTo } from './dial.ts';
import { serveHttp } from './forward-http.ts';
import { createPassages } from './passages.ts';
import { asText, unreadable } from './proxy-answer.ts';
import { PACE, type ProxyPace, type ProxyParts } from './proxy-parts.ts';
import { ensureReservedServer } from './reserved-server.ts';
import { createStrangerLimits } from './stranger-limits.ts';
import { serveTunnel } from './tunnel.ts';

export type EgressProxyOptions = {
  readonly door: Door;
  readonly identify: Identify;
  readonly prisma: Database;
  readonly keys: Keys;
  readonly env: Env;
  readonly log: Log;
  readonly databaseUrl: string;
  /** Where attempts are noted; whoever made it closes it. */
  readonly book: AttemptBook;
  readonly lookup?: Lookup;
  readonly connect?: ConnectTo;
  readonly pace?: Partial<ProxyPace>;
};

export type EgressProxy = {
  readonly port: number;
  /** Refuses what comes, answers what waits for people with its request, lets the rest end for a while, then cuts it. */
  close(): Promise<void>;
};

const MOST_CONNECTIONS = 2_048;
const MOST_EACH = 128;
const MOST_STRANGERS = 256;
const READY_MS = 5_000;

/** Starts the proxy. Throws when its port is taken. */
export async function startEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const { door, env, log, book } = options;
  const pace: ProxyPace = { ...PACE, ...options.pace };
  const draining = new AbortController();
  const passages = createPassages(door, book, pace);
  const sockets = new Set<Socket>();
  let ownPorts: ReadonlySet<number> = new Set();
  const parts: ProxyParts = {
    door,
    auth: { identify: options.identify, snapshot: door.snapshot, keys: options.keys },
    book,
    limits: createConnectionLimits({ each: MOST_EACH, all: MOST_CONNECTIONS }),
    strangers: createStrangerLimits(MOST_STRANGERS),
    passages,
    dialOptions: {
      lookup: options.lookup ?? systemLookup,
      ...(options.connect === undefined ? {} : { connect: options.connect }),
      ownPorts: () => ownPorts,
      resolveMs: 5_000,
      connectMs: 10_000,
    },
    pace,
    log,
    draining: draining.signal,
    serverReady: createServerReady(options),
  };

  const server = createListener(env, (request, response) => {
    serveHttp(parts, request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a request through the egress proxy failed');
      response.destroy();
    });
  });
  server.maxConnections = MOST_CONNECTIONS + 256;
  server.on('connection', (socket: Socket) => {
    parts.strangers.admit(socket);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket, head) => {
    serveTunnel(parts, request, socket, head).catch((error: unknown) => {
      log.error({ err: error }, 'a tunnel through the egress proxy failed');
      socket.destroy();
    });
  });
  // Two readings of one message, a line that is no HTTP/1.1, headers without end: said no to, and closed.
  server.on('clientError', (_error, socket) => {
    refuseSocket(
      socket,
      asText(unreadable({ status: 400, detail: 'This is not a request that can be read one way.' })),
    );
  });
  const port = await listenOn(server, env.egressProxyPort, env.bindAddress);
  ownPorts = new Set([env.consolePort, env.gatewayPort, port, env.metricsPort, databasePort(options.databaseUrl)]);

  return {
    port,
    close: async () => {
      draining.abort('detached');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const patience = setTimeout(passages.cutAll, pace.drainMs);
      await passages.empty();
      clearTimeout(patience);
      // Answers that were just written may still be on their way out.
      const forced = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 500);
      await closed;
      clearTimeout(forced);
      passages.close();
    },
  };
}

/** The reserved server is made at the first use, and the snapshot is waited for; one attempt at a time. */
function createServerReady(options: EgressProxyOptions): () => Promise<boolean> {
  const isThere = () => options.door.snapshot().servers.get(EGRESS_SERVER)?.id === EGRESS_SERVER_ID;
  let making: Promise<boolean> | null = null;
  const make = async () => {
    if (!(await ensureReservedServer(options.prisma, options.keys))) return false;
    const deadline = performance.now() + READY_MS;
    while (!isThere() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
    return isThere();
  };
  return () => {
    if (isThere()) return Promise.resolve(true);
    making ??= make().finally(() => {
      making = null;
    });
    return making;
  };
}

function createListener(env: Env, listener: RequestListener): Server {
  const settings = {
    keepAliveTimeout: 5_000,
    headersTimeout: 20_000,
    connectionsCheckingInterval: 5_000,
    // A body may be uploaded for long; a passage in which nothing moves is closed by its own clock.
    requestTimeout: 0,
    maxHeaderSize: 16 * 1024,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
  return env.tlsCertFile !== undefined && env.tlsKeyFile !== undefined
    ? createTlsServer(
        {
          ...settings,
          handshakeTimeout: 10_000,
          cert: readFileSync(env.tlsCertFile),
          key: readFileSync(env.tlsKeyFile),
        },
        listener,
      )
    : createServer(settings, listener);
}

function listenOn(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : 0);
    });
  });
}

function databasePort(databaseUrl: string): number {
  const { port } = new URL(databaseUrl);
  return port === '' ? 5432 : Number(port);
}
