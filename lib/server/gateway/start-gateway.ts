// Server-only. The gateway as one value: listeners, door, upstreams; started and drained together.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { problem } from '#lib/contracts/problems.ts';
import { isBelieved } from '#lib/core/identity/signing-schedule.ts';
import { CALLS_AUDIENCE } from '../agents/audience.ts';
import { createIdentify } from '../agents/identify.ts';
import { answerIntrospection } from '../agents/introspect.ts';
import { answerTokenRequest } from '../agents/oauth.ts';
import { answerRevocation } from '../agents/revoke-own-token.ts';
import { ensureSigningKey } from '../agents/signing-keys.ts';
import { wellKnownDocument } from '../agents/well-known.ts';
import { startDoor } from '../calls/door.ts';
import { createCallsApi } from '../calls-api/calls-api.ts';
import { MAX_BODY_BYTES } from '../calls-api/read-call-body.ts';
import { createKnownSecrets } from '../credentials/known-secrets.ts';
import { createPrisma } from '../db/prisma.ts';
import { createAttemptBook } from '../egress/record-attempt.ts';
import { type EgressProxy, type EgressProxyOptions, startEgressProxy } from '../egress-proxy/start-egress-proxy.ts';
import type { Env } from '../env.ts';
import { clientAddress, trustedProxies } from '../http/client-address.ts';
import type { Keys } from '../keys/load-keys.ts';
import { recordKillFile } from '../kill-switch/record-kill-file.ts';
import type { Log } from '../log.ts';
import { childStarterOf } from '../runner/child-starter.ts';
import { createKeepAlive } from './keep-alive.ts';
import { handleMcp, type McpFrontParts } from './mcp-front.ts';
import { createMcpSessions } from './mcp-sessions.ts';
import { mcpTarget } from './mcp-target.ts';
import { renderMetrics } from './metrics.ts';
import { createRequestGuard } from './request-guard.ts';
import { createRequestStates } from './request-state.ts';
import { startSweep } from './sweep-stateless.ts';
import { createToolLists } from './tool-lists.ts';
import { createUpstreams } from './upstreams.ts';
import { runWebHandler } from './web-adapter.ts';

export type GatewayOptions = {
  readonly databaseUrl: string;
  readonly keys: Keys;
  readonly env: Env;
  readonly log: Log;
  /** The proxy's resolver, sockets and times; a test has its own. */
  readonly proxy?: Pick<EgressProxyOptions, 'lookup' | 'connect' | 'pace'>;
};

export type Gateway = {
  readonly port: number;
  readonly metricsPort: number;
  /** Where the egress proxy listens. */
  readonly proxyPort: number;
  /** Stops taking calls, answers those that wait with "pending", lets running ones end, then closes everything. */
  close(): Promise<void>;
};

const MAX_FORM_BYTES = 16 * 1024;
const DRAIN_MS = 8_000;
const OAUTH_ENDPOINTS = new Map([
  ['/oauth/token', answerTokenRequest],
  ['/oauth/introspect', answerIntrospection],
  ['/oauth/revoke', answerRevocation],
]);

/** Starts the data plane. Throws when the database cannot be read or the port is taken. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { databaseUrl, keys, env, log } = options;
  const prisma = createPrisma(databaseUrl, { max: 3, name: 'countersign-gateway-oauth' });
  const attempts = createAttemptBook({ prisma, keys, log });
  const knownSecrets = await createKnownSecrets({ prisma, keys, log, now: Date.now });
  const door = await startDoor({
    databaseUrl,
    keys,
    env,
    kind: 'gateway',
    log,
    noteAttempt: attempts.note,
    knownSecrets,
  });
  await ensureSigningKey({ prisma, keys });
  const killFile = recordKillFile({ prisma, keys, log }, env.dataDir);
  const sessions = createMcpSessions(door.pool);
  const upstreams = createUpstreams(
    door.snapshot,
    log,
    { prisma, keys, now: door.databaseNowMs, minted: knownSecrets.minted },
    childStarterOf(env, keys, log),
    attempts.note,
  );
  const keepAlive = createKeepAlive();
  const waiting = new Set<() => void>();
  const sweep = startSweep(door.pool, log);
  const guard = createRequestGuard(env.gatewayUrl, env.bindAddress);
  const trusted = trustedProxies(env.trustedProxies);
  let draining = false;
  const identify = createIdentify({
    snapshot: door.snapshot,
    keys,
    gatewayUrl: env.gatewayUrl,
    now: door.databaseNowMs,
  });
  const callsApi = createCallsApi({ door, keys, gatewayUrl: env.gatewayUrl, identify });
  const front: McpFrontParts = {
    door,
    identify,
    sessions,
    upstreams,
    keepAlive,
    toolLists: createToolLists(door.snapshot),
    waiting,
    states: createRequestStates(keys.masterKey),
    taskRuns: new Map(),
    consoleUrl: env.consoleUrl,
    log,
    gatewayUrl: env.gatewayUrl,
    isDraining: () => draining,
  };
  const health = (path: string, response: ServerResponse): boolean => {
    if (path === '/health/live') sendText(response, 200, 'live\n');
    else if (path === '/health/ready') {
      const isReady = door.isReady() && !draining;
      sendText(response, isReady ? 200 : 503, isReady ? 'ready\n' : 'not ready\n');
    } else return false;
    return true;
  };

  const route = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = pathOf(request.url);
    const refusal = guard(request);
    if (refusal !== null) {
      request.resume();
      sendProblem(response, refusal.code, refusal.detail);
      return;
    }
    const target = mcpTarget(path);
    if (target !== null) return handleMcp(front, target, request, response);
    if (health(path, response)) {
      request.resume();
      return;
    }
    const origin = `${env.gatewayUrl.startsWith('https:') ? 'https' : 'http'}://${request.headers.host ?? ''}`;
    if (path === CALLS_AUDIENCE || path.startsWith(`${CALLS_AUDIENCE}/`)) {
      return runWebHandler(callsApi, origin, request, response, MAX_BODY_BYTES);
    }
    const answerClient = OAUTH_ENDPOINTS.get(path);
    if (answerClient !== undefined && request.method === 'POST') {
      const address = clientAddress(request, trusted);
      const deps = { prisma, keys, gatewayUrl: env.gatewayUrl };
      return runWebHandler((web) => answerClient(deps, web, address), origin, request, response, MAX_FORM_BYTES);
    }
    if (path.startsWith('/.well-known/') && request.method === 'GET') {
      const published = [...door.snapshot().signingKeys.values()].filter((key) =>
        isBelieved(key, door.databaseNowMs()),
      );
      const jwks = (published.length > 0 ? published : [keys.tokenSigning]).map((key) => key.jwk);
      const document = wellKnownDocument(`${origin}${path}`, { gatewayUrl: env.gatewayUrl, jwks });
      if (document !== null) return runWebHandler(() => document, origin, request, response, 0);
    }
    request.resume();
    sendProblem(response, 'not-found', 'No such endpoint.');
  };
  const listener: RequestListener = (request, response) => {
    route(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'a request failed');
      if (response.headersSent) response.destroy();
      else sendProblem(response, 'internal', 'Something broke on our side.');
    });
  };
  const server = createListener(env, listener);
  // The metrics listener stands apart, on loopback, so that scraping needs no way past the agents' origin.
  const metrics = createServer((request, response) => {
    request.resume();
    const path = pathOf(request.url);
    if (path === '/metrics') sendText(response, 200, renderMetrics(door, sessions));
    else if (!health(path, response)) sendText(response, 404, 'not found\n');
  });

  let proxy: EgressProxy | null = null;
  const close = async () => {
    draining = true;
    for (const detach of [...waiting]) detach();
    const closed = closeServer(server);
    await proxy?.close();
    metrics.close();
    metrics.closeAllConnections();
    const deadline = performance.now() + DRAIN_MS;
    while (door.inFlight.size() > 0 && performance.now() < deadline) await pause(20);
    // Idle keep-alive connections would hold the listener open for ever.
    server.closeIdleConnections();
    const forced = setTimeout(() => server.closeAllConnections(), 500);
    await closed;
    clearTimeout(forced);
    keepAlive.close();
    sweep.close();
    await upstreams.close();
    await killFile.close();
    await attempts.close();
    await knownSecrets.close();
    await prisma.$disconnect();
    await door.close();
  };
  try {
    const port = await listenOn(server, env.gatewayPort, env.bindAddress);
    const metricsPort = await listenOn(metrics, env.metricsPort, '127.0.0.1');
    proxy = await startEgressProxy({
      door,
      identify,
      prisma,
      keys,
      env,
      log,
      databaseUrl,
      book: attempts,
      ...options.proxy,
    });
    return { port, metricsPort, proxyPort: proxy.port, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function createListener(env: Env, listener: RequestListener): Server {
  const settings = {
    keepAliveTimeout: 75_000,
    headersTimeout: 20_000,
    requestTimeout: 60_000,
    maxHeaderSize: 16 * 1024,
  };
  const server =
    env.tlsCertFile !== undefined && env.tlsKeyFile !== undefined
      ? createTlsServer(
          { ...settings, cert: readFileSync(env.tlsCertFile), key: readFileSync(env.tlsKeyFile) },
          listener,
        )
      : createServer(settings, listener);
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return server;
}

function listenOn(server: Server, port: number, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve(portOf(server.address()));
    });
  });
}

function portOf(address: string | AddressInfo | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The path without its query; anything that is not a plain absolute path names nothing here. */
function pathOf(url: string | undefined): string {
  if (url === undefined) return '/';
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text);
}

function sendProblem(response: ServerResponse, code: Parameters<typeof problem>[0], detail: string): void {
  const body = problem(code, detail);
  response.writeHead(body.status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(body));
}
