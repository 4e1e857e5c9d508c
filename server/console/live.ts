// Socket.IO namespace /live: server to client hints only. What a client sends is never listened to.
import type { Server as HttpServer, IncomingHttpHeaders } from 'node:http';
import { Server } from 'socket.io';
import type { Hint } from '#lib/contracts/live.ts';
import { recordTokenMisuse } from '#lib/server/agents/record-misuse.ts';
import { authenticateRequest } from '#lib/server/auth/authenticate-request.ts';
import { consoleHosts, consoleOrigins } from '#lib/server/auth/request-origin.ts';
import { rolesOfSessions } from '#lib/server/auth/sessions.ts';
import { CHANNELS, type Channel, listen } from '#lib/server/db/listen.ts';
import type { Database } from '#lib/server/db/prisma.ts';
import type { Env } from '#lib/server/env.ts';
import type { Keys } from '#lib/server/keys/load-keys.ts';
import type { Log } from '#lib/server/log.ts';
import { allHints, growingNumber, hintsOf, sessionHintSchema } from './hints.ts';

const BEAT_MS = 3_000;
const RECHECK_MS = 5_000;
const COALESCE_MS = 100;

export type LiveDeps = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly env: Env;
  readonly log: Log;
  readonly databaseUrl: string;
};
export type Live = { isListening(): boolean; close(): Promise<void> };
/** What a socket stands for. Roles as one text: any change drops the socket, and the browser signs on anew. */
type SocketData = { sessionId: string; roles: string };

/**
 * Serves live hints on an HTTP server.
 * A socket needs our Origin (a foreign page could otherwise open one with the visitor's cookie) and a live session; it
 * is dropped as soon as its row is revoked or its roles change, by hint within a second and by a re-check without one.
 * Beats stop while the database line is down, so that browsers know their view may be stale.
 */
export async function startLive(server: HttpServer, deps: LiveDeps): Promise<Live> {
  const io = new Server<Record<string, never>, { hint: (hint: Hint) => void }, Record<string, never>, SocketData>(
    server,
    {
      path: '/socket.io',
      serveClient: false,
      maxHttpBufferSize: 4_096,
      // Next's own upgrade requests share the server in development.
      destroyUpgrade: false,
      allowRequest: (request, decide) => decide(null, isOwnPage(request.headers, deps.env)),
    },
  );
  const live = io.of('/live');
  const next = growingNumber();
  const emit = (hint: Hint) => live.emit('hint', hint);

  live.use((socket, proceed) => {
    const header = (name: string) => {
      const value = socket.request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    authenticateRequest(header, deps).then(
      (session) => {
        if (session === null) {
          proceed(new Error('not-signed-in'));
          recordTokenMisuse(deps, header('authorization'), 'live').catch((error: unknown) => {
            deps.log.error({ err: error }, 'A token out of place could not be told to the log');
          });
          return;
        }
        socket.data.sessionId = session.principal.sessionId;
        socket.data.roles = [...session.principal.roles].sort().join(' ');
        proceed();
      },
      (error: unknown) => {
        deps.log.warn({ err: error }, 'A socket could not be authenticated');
        proceed(new Error('not-ready'));
      },
    );
  });

  const recheck = async () => {
    const sockets = [...live.sockets.values()];
    if (sockets.length === 0) return;
    const roles = await rolesOfSessions(deps.prisma, [...new Set(sockets.map((socket) => socket.data.sessionId))]);
    for (const socket of sockets) {
      if (roles.get(socket.data.sessionId) !== socket.data.roles) socket.disconnect(true);
    }
  };
  const recheckOrDrop = () => {
    recheck().catch((error: unknown) => {
      // Whether these sessions still stand cannot be told: hints carry no data, so the sockets stay and are re-checked.
      deps.log.warn({ err: error }, 'Live sessions could not be re-checked');
    });
  };

  const waiting = new Map<string, Hint>();
  let flush: NodeJS.Timeout | undefined;
  const emitSoon = (hint: Hint) => {
    waiting.set(hint.topic, hint);
    flush ??= setTimeout(() => {
      flush = undefined;
      for (const held of waiting.values()) emit(held);
      waiting.clear();
    }, COALESCE_MS);
  };

  const onNotify = (channel: Channel, payload: string) => {
    const value = parsePayload(payload);
    if (channel === 'cs_session' && sessionHintSchema.safeParse(value).success) recheckOrDrop();
    for (const hint of hintsOf(channel, value, next())) {
      if (channel === 'cs_audit') emitSoon(hint);
      else emit(hint);
    }
  };
  const listener = await listen(deps.databaseUrl, CHANNELS, onNotify, () => {
    for (const hint of allHints(next())) emit(hint);
    recheckOrDrop();
  });
  const beat = setInterval(() => {
    if (listener.isConnected()) emit({ topic: 'beat', id: '*', version: next() });
  }, BEAT_MS);
  const recheckTimer = setInterval(recheckOrDrop, RECHECK_MS);

  return {
    isListening: () => listener.isConnected(),
    close: async () => {
      clearInterval(beat);
      clearInterval(recheckTimer);
      clearTimeout(flush);
      live.disconnectSockets(true);
      await listener.close();
      // Detaches from the HTTP server without closing it: the composition root drains that itself.
      io.engine.close();
    },
  };
}

/**
 * Whether our own page opens the connection. A same-origin polling GET carries no Origin; then Sec-Fetch-Site must say
 * so, and the host must be ours: a page on a rebound name is "same origin" to its own name.
 */
function isOwnPage(
  headers: IncomingHttpHeaders,
  env: Pick<Env, 'consoleUrl' | 'consolePort' | 'tlsCertFile'>,
): boolean {
  if (headers.origin !== undefined) return consoleOrigins(env).includes(headers.origin);
  return headers['sec-fetch-site'] === 'same-origin' && consoleHosts(env).has(headers.host ?? '');
}

function parsePayload(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    return null;
  }
}
