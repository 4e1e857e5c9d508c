// The console process: Next for pages and API, Socket.IO for hints. Humans only; it may crash without touching the gateway.
import { randomUUIDv7 } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { Duplex } from 'node:stream';
import next from 'next';
import { consoleHosts } from '#lib/server/auth/request-origin.ts';
import { createPrisma } from '#lib/server/db/prisma.ts';
import { type Env, loadEnv } from '#lib/server/env.ts';
import { trustedProxies } from '#lib/server/http/client-address.ts';
import { loadKeys } from '#lib/server/keys/load-keys.ts';
import { createLog } from '#lib/server/log.ts';
import { gateRequest } from './console/gate-request.ts';
import { answerHealth } from './console/health.ts';
import { startLive } from './console/live.ts';
import { reportReady, stopWithSupervisor } from './lifetime.ts';

const DRAIN_MS = 5_000;
const KEEP_ALIVE_MS = 65_000;

async function main(): Promise<void> {
  const env = loadEnv();
  const dev = env.dev || process.argv.includes('--dev');
  const log = createLog(env.logLevel, 'console').child({ boot: randomUUIDv7() });
  if (env.databaseUrl === undefined) throw new Error('DATABASE_URL is not set: start through `npm start`.');
  const prisma = createPrisma(env.databaseUrl, { max: 4, name: 'countersign-console-live' });
  const keys = loadKeys(env.dataDir, env.masterKeyFile);
  const gate = {
    hosts: consoleHosts(env),
    trusted: trustedProxies(env.trustedProxies),
    tls: env.consoleUrl.startsWith('https:'),
    dev,
  };

  const server = createServer(env);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = KEEP_ALIVE_MS + 1_000;
  server.requestTimeout = 120_000;
  const app = next({ dev, dir: process.cwd(), hostname: env.bindAddress, port: env.consolePort, httpServer: server });
  await app.prepare();
  const handle = app.getRequestHandler();
  let draining = false;
  const live = await startLive(server, { prisma, keys, env, log, databaseUrl: env.databaseUrl });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isSocketPath(request)) return;
    if (answerHealth(request, response, { prisma, isReady: () => !draining && live.isListening() })) return;
    if (!gateRequest(request, response, gate)) return;
    if (draining) response.setHeader('connection', 'close');
    handle(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'Next did not answer');
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    // Only our sockets and, in development, Next's own; nobody else would ever answer.
    const next = dev && request.url?.startsWith('/_next/') === true;
    if (!isSocketPath(request) && !next) socket.destroy();
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(env.consolePort, env.bindAddress, resolve);
  });
  log.info({ url: env.consoleUrl, dev }, 'Console is up');

  stopWithSupervisor(env.supervised, async () => {
    draining = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await live.close();
    server.closeIdleConnections();
    const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(force);
    await app.close();
    await prisma.$disconnect();
    log.info('Console has stopped');
  });
  reportReady();
}

function createServer(env: Env): Server {
  if (env.tlsCertFile === undefined || env.tlsKeyFile === undefined) return createHttp();
  return createHttps({ cert: readFileSync(env.tlsCertFile), key: readFileSync(env.tlsKeyFile) });
}

function isSocketPath(request: IncomingMessage): boolean {
  return request.url?.startsWith('/socket.io/') === true;
}

await main();
