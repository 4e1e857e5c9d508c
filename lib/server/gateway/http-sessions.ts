// Server-only. Our sessions with streamable-HTTP upstreams: one per (gateway session, server), opened when first needed.
import type { Pool } from 'undici';
import type { Lease } from '../credentials/leases.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import { exchange } from './http-exchange.ts';

/** Our session with an upstream. Ids of calls that run in it must differ, as in any JSON-RPC session. */
export type UpstreamSession = {
  /** Without the credential: each request carries that of its own call. */
  readonly headers: readonly string[];
  readonly sessionId: string | undefined;
  readonly running: Set<string>;
  lastUsedMs: number;
  /** Tells the upstream that we are done with it; whether it hears is its own affair. */
  end(): void;
};

/** Where a session is opened, and what is presented there. */
export type UpstreamPlace = {
  readonly server: SnapshotServer;
  readonly pool: Pool;
  readonly path: string;
  readonly lease: Lease | null;
};

/** The upstream does not take the credential: nothing was done. */
export class Unauthorised extends Error {
  override name = 'Unauthorised';
}

export type HttpSessions = {
  /** A ready session in which no call with these keys runs, or null: then ask `open`. */
  ready(key: string, callKeys: readonly string[]): UpstreamSession | null;
  open(key: string, at: UpstreamPlace): Promise<UpstreamSession>;
  /** The upstream no longer knows it. */
  forget(key: string, session: UpstreamSession): void;
  endAll(keyPrefix: string): void;
  /** Ends the sessions of other versions of the credential, once no call runs in them. */
  endOthers(keyPrefix: string, key: string): void;
  close(): void;
};

const OUR_VERSION = '2025-11-25';
const IDLE_MS = 30 * 60_000;
const SWEEP_MS = 60_000;
const OPEN_TIMEOUT_MS = 20_000;

/** Nothing but these and the lease leaves with a call: no header of the client ever reaches an upstream. */
function headersOf(version: string, sessionId: string | undefined): string[] {
  const headers = [
    'content-type',
    'application/json',
    'accept',
    'application/json, text/event-stream',
    'mcp-protocol-version',
    version,
  ];
  if (sessionId !== undefined) headers.push('mcp-session-id', sessionId);
  return headers;
}

/** The session's headers with the credential of one request. */
export function withLease(headers: readonly string[], lease: Lease | null): string[] {
  return lease === null ? [...headers] : [...headers, ...lease.headers.flat()];
}

/** Keeps the sessions; idle ones are dropped, and a server that lost ours is simply asked again. */
export function createHttpSessions(): HttpSessions {
  const sessions = new Map<string, UpstreamSession[]>();
  const opening = new Map<string, Promise<UpstreamSession>>();

  const sweep = setInterval(() => {
    const before = performance.now() - IDLE_MS;
    for (const [key, list] of sessions) {
      const kept = list.filter((session) => session.running.size > 0 || session.lastUsedMs > before);
      for (const session of list) if (!kept.includes(session)) session.end();
      if (kept.length === 0) sessions.delete(key);
      else sessions.set(key, kept);
    }
  }, SWEEP_MS);
  sweep.unref();

  return {
    ready: (key, callKeys) => {
      const list = sessions.get(key);
      if (list === undefined) return null;
      for (const session of list) {
        if (callKeys.every((callKey) => !session.running.has(callKey))) return session;
      }
      return null;
    },
    open: (key, at) => {
      const underWay = opening.get(key);
      if (underWay !== undefined) return underWay;
      const opened = initialize(at)
        .then((session) => {
          sessions.set(key, [...(sessions.get(key) ?? []), session]);
          return session;
        })
        .finally(() => opening.delete(key));
      opening.set(key, opened);
      return opened;
    },
    forget: (key, session) => {
      const kept = (sessions.get(key) ?? []).filter((one) => one !== session);
      if (kept.length === 0) sessions.delete(key);
      else sessions.set(key, kept);
    },
    endAll: (keyPrefix) => {
      for (const [key, list] of sessions) {
        if (!key.startsWith(keyPrefix)) continue;
        sessions.delete(key);
        for (const session of list) session.end();
      }
    },
    endOthers: (keyPrefix, key) => {
      for (const [other, list] of sessions) {
        if (other === key || !other.startsWith(keyPrefix)) continue;
        const busy = list.filter((session) => session.running.size > 0);
        for (const session of list) if (!busy.includes(session)) session.end();
        // A busy one has its call to the end; the sweep ends it later.
        if (busy.length === 0) sessions.delete(other);
        else sessions.set(other, busy);
      }
    },
    close: () => {
      clearInterval(sweep);
      sessions.clear();
    },
  };
}

/** The handshake of the 2025 revisions: initialize, then notifications/initialized. We claim no client capabilities. */
async function initialize(at: UpstreamPlace): Promise<UpstreamSession> {
  const { server, pool, path, lease } = at;
  const wanted = server.protocolVersion ?? OUR_VERSION;
  const params = { protocolVersion: wanted, capabilities: {}, clientInfo: { name: 'countersign', version: '1' } };
  const answer = await post(pool, path, withLease(headersOf(wanted, undefined), lease), {
    jsonrpc: '2.0',
    id: 'initialize',
    method: 'initialize',
    params,
  });
  if (answer.status === 401) throw new Unauthorised('initialize was refused with status 401');
  if (answer.status !== 200) throw new Error(`initialize was answered with status ${answer.status}`);
  const version = versionIn(answer.messages) ?? wanted;
  const headers = headersOf(version, answer.sessionId);
  await post(pool, path, withLease(headers, lease), { jsonrpc: '2.0', method: 'notifications/initialized' });
  const end = () => {
    if (answer.sessionId === undefined) return;
    const ignore = { mayWrite: () => true, onHead: () => true, onMessage() {}, onEnd() {}, onError() {} };
    exchange(pool, { path, method: 'DELETE', headers: withLease(headers, lease) }, ignore);
  };
  return { headers, sessionId: answer.sessionId, running: new Set(), lastUsedMs: performance.now(), end };
}

function versionIn(messages: readonly string[]): string | null {
  for (const json of messages) {
    const message: unknown = JSON.parse(json);
    if (typeof message !== 'object' || message === null || !('id' in message) || message.id !== 'initialize') continue;
    if (!('result' in message)) throw new Error('initialize was refused');
    const { result } = message;
    if (typeof result !== 'object' || result === null || !('protocolVersion' in result)) return null;
    const version = result.protocolVersion;
    // It goes into a header of ours.
    return typeof version === 'string' && /^[0-9A-Za-z.-]{1,32}$/.test(version) ? version : null;
  }
  throw new Error('initialize was not answered');
}

type PostAnswer = { status: number; sessionId: string | undefined; messages: string[] };

function post(pool: Pool, path: string, headers: readonly string[], message: object): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    const answer: PostAnswer = { status: 0, sessionId: undefined, messages: [] };
    const timer = setTimeout(() => {
      running.abort();
      reject(new Error('The upstream did not answer the handshake in time.'));
    }, OPEN_TIMEOUT_MS);
    const done = () => {
      clearTimeout(timer);
      resolve(answer);
    };
    const running = exchange(
      pool,
      { path, method: 'POST', headers: [...headers], body: JSON.stringify(message) },
      {
        mayWrite: () => true,
        onHead: (status, sessionId) => {
          answer.status = status;
          // Printable ASCII only (MCP transports); it becomes a header of every later request.
          if (sessionId !== undefined && /^[\x21-\x7e]{1,512}$/.test(sessionId)) answer.sessionId = sessionId;
          return true;
        },
        onMessage: (json) => {
          answer.messages.push(json);
          // A stream may stay open after the answer we wait for.
          if ('id' in message && json.includes('"initialize"')) {
            done();
            running.abort();
          }
        },
        onEnd: done,
        onError: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
  });
}
