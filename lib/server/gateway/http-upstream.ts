// Server-only. Calls over streamable HTTP.
import type { Pool } from 'undici';
import type { Lease, LeaseRefusal, Leases } from '../credentials/leases.ts';
import type { Egress } from '../egress/connector.ts';
import { egressDenialIn } from '../egress/egress-denied.ts';
import { type Exchange, exchange, NotWritten } from './http-exchange.ts';
import {
  createHttpSessions,
  type HttpSessions,
  Unauthorised,
  type UpstreamSession,
  withLease,
} from './http-sessions.ts';
import { idKey } from './json-rpc.ts';
import {
  type RunningCall,
  requestText,
  type Upstream,
  type UpstreamCall,
  type UpstreamFailure,
  type UpstreamSink,
} from './upstream.ts';
import { readUpstreamMessage } from './upstream-message.ts';

/**
 * Makes the upstream for every streamable-HTTP server.
 *
 * The request is built here from the tool's name and the approved bytes; nothing of the client's own request, headers
 * included, reaches the upstream. What authorises us there is the lease of the server's own credential: one for the whole
 * call, on this server's connections only, and taken out of whatever comes back. A token that the upstream answers with 401
 * is minted anew once. A session that the upstream lost (404) is opened anew once: a 404 to a session id says
 * that nothing was done.
 */
export function createHttpUpstream(
  egress: Pick<Egress, 'poolFor'>,
  leases: Pick<Leases, 'leaseFor' | 'refused'>,
): Upstream {
  const sessions = createHttpSessions();
  const pathOf = createPathOf();
  return {
    call: (call, sink) => startCall({ egress, leases, sessions, pathOf }, call, sink),
    endSession: (sessionKey) => sessions.endAll(`${sessionKey} `),
    close: () => {
      sessions.close();
      return Promise.resolve();
    },
  };
}

/** An upstream that asks without end gets no POST for each of its questions. */
const MOST_REPLIES = 16;

type Parts = {
  readonly egress: Pick<Egress, 'poolFor'>;
  readonly leases: Pick<Leases, 'leaseFor' | 'refused'>;
  readonly sessions: HttpSessions;
  readonly pathOf: (url: string) => string;
};

function startCall({ egress, leases, sessions, pathOf }: Parts, call: UpstreamCall, sink: UpstreamSink): RunningCall {
  const { server } = call;
  const keyPrefix = `${call.sessionKey} ${server.name} ${server.configHash} `;
  let key = keyPrefix;
  const callKeys =
    call.progressToken === undefined ? [idKey(call.id)] : [idKey(call.id), `p${idKey(call.progressToken)}`];
  let current: Exchange | null = null;
  let session: UpstreamSession | null = null;
  let over = false;
  let retried = false;
  let lease: Lease | null = null;
  let minted = false;

  const leave = () => {
    over = true;
    for (const callKey of callKeys) session?.running.delete(callKey);
  };
  const fail = (code: UpstreamFailure['code'], detail: string, written = current?.isWritten() ?? false) => {
    if (over) return;
    leave();
    sink.onFailure({ code, written, detail });
  };
  const failBy = (error: Error) => {
    const denied = egressDenialIn(error);
    // A connection that was open when its entry ended may have carried the call.
    if (denied !== null) fail('egress-denied', `The egress guard ended it: ${denied.reason.replace(/\.$/, '')}.`);
    else if (error instanceof NotWritten) fail('killed', 'Stopped before anything was sent.', false);
    else fail('upstream-failed', 'The connection to the server failed.');
  };

  const reachable = server.url === null ? null : egress.poolFor(server.url);
  if (reachable === null || !reachable.ok || server.url === null) {
    // Not synchronously: the caller has not got hold of the running call yet.
    queueMicrotask(() => fail('egress-denied', 'The destination is not on the allowlist.', false));
    return { notifyCancelled: () => undefined, cut: leave, isWritten: () => false };
  }
  const pool: Pool = reachable.value;
  const body = requestText(call, call.id, call.progressToken);
  const path = pathOf(server.url);

  let replies = 0;
  const tell = ({ headers }: UpstreamSession, json: string) => {
    const ignore = { mayWrite: () => true, onHead: () => true, onMessage() {}, onEnd() {}, onError() {} };
    exchange(pool, { path, method: 'POST', headers: withLease(headers, lease), body: json }, ignore);
  };
  const send = (ready: UpstreamSession) => {
    session = ready;
    ready.lastUsedMs = performance.now();
    for (const callKey of callKeys) ready.running.add(callKey);
    let status = 0;
    current = exchange(
      pool,
      // A plain array of names and values is what undici writes without looking at it twice.
      { path, method: 'POST', headers: withLease(ready.headers, lease), body, headersTimeout: 0, bodyTimeout: 0 },
      {
        mayWrite: () => !over && sink.mayWrite(),
        onHead: (code) => {
          status = code;
          if (code === 200) return true;
          if (code === 401 && canMintAnew()) {
            for (const callKey of callKeys) ready.running.delete(callKey);
            // A 401 refuses the request: nothing was done, and nothing is on its way.
            current = null;
            takeLease();
            return false;
          }
          if (code === 404 && ready.sessionId !== undefined && !retried && !over) {
            retried = true;
            for (const callKey of callKeys) ready.running.delete(callKey);
            sessions.forget(key, ready);
            openThenSend();
            return false;
          }
          // A 4xx refuses the request. Behind anything else (202 Accepted, 303 See Other, a 5xx) the tool may have run.
          fail('upstream-failed', `The server answered with status ${code}.`, code < 400 || code >= 500);
          return false;
        },
        onMessage: (text) => {
          if (over) return;
          const json = lease === null ? text : lease.redact(text);
          const message = readUpstreamMessage(json, call.id);
          if (message.kind === 'notification') sink.onNotification(message.json, message.logLevel);
          else if (message.kind === 'request' && replies++ < MOST_REPLIES) tell(ready, message.reply);
          else if (message.kind === 'answer') {
            leave();
            current?.drain();
            sink.onAnswer(message.json, message.isFailure);
          }
        },
        onEnd: () => {
          if (status === 200) fail('upstream-failed', 'The server closed its answer without a result.');
        },
        onError: failBy,
      },
    );
  };
  const openThenSend = () => {
    sessions.open(key, { server, pool, path, lease }).then(
      (opened) => {
        if (over) return;
        // Two calls with one id may have waited for the same opening: the second needs a session of its own.
        if (callKeys.some((callKey) => opened.running.has(callKey))) openThenSend();
        else send(opened);
      },
      (error: unknown) => {
        if (over) return;
        if (error instanceof Unauthorised && canMintAnew()) takeLease();
        else failBy(error instanceof Error ? error : new Error('handshake failed', { cause: error }));
      },
    );
  };
  /** Whether a refused token may be replaced, once; a secret that is sent as it is stays what it is. */
  const canMintAnew = () => {
    if (over || lease === null || lease.expiresAtMs === null || minted) return false;
    minted = true;
    leases.refused(lease);
    return true;
  };
  const go = (taken: Lease | null) => {
    lease = taken;
    if (taken !== null) {
      // Another version, another session: what the upstream bound to the old secret is not spoken to with the new one.
      key = `${keyPrefix}${taken.credentialId} ${taken.version}`;
      sessions.endOthers(keyPrefix, key);
    }
    const ready = sessions.ready(key, callKeys);
    if (ready === null) openThenSend();
    else send(ready);
  };
  const refuseLease = ({ code, detail }: LeaseRefusal) => fail(code, detail, false);
  const takeLease = () => {
    const taken = leases.leaseFor(server);
    if (!(taken instanceof Promise)) {
      go(taken);
      return;
    }
    taken.then(
      (result) => {
        if (over) return;
        if (result.ok) go(result.value);
        else refuseLease(result.error);
      },
      () => refuseLease({ code: 'credential-unavailable', detail: 'It could not be read.' }),
    );
  };

  takeLease();

  const notifyCancelled = (reason: string) => {
    if (session === null || current?.isWritten() !== true) return;
    const params = { requestId: call.id, reason };
    tell(session, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params }));
  };
  return {
    notifyCancelled: (reason) => {
      if (!over) notifyCancelled(reason);
    },
    cut: (reason) => {
      if (over) return;
      leave();
      notifyCancelled(reason);
      current?.abort();
    },
    isWritten: () => current?.isWritten() ?? false,
  };
}

/** Path and query of a server's URL, taken apart once. */
function createPathOf(): (url: string) => string {
  const known = new Map<string, string>();
  return (url) => {
    const path = known.get(url);
    if (path !== undefined) return path;
    const { pathname, search } = new URL(url);
    if (known.size > 10_000) known.clear();
    known.set(url, `${pathname}${search}`);
    return `${pathname}${search}`;
  };
}
