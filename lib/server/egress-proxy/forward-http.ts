// Server-only. Absolute-form http: one request, read and written anew, so that what is judged is what is sent.
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { forwardedHeaders } from './forwarded-headers.ts';
import { cutCode, openPassage } from './open-passage.ts';
import type { Passage } from './passages.ts';
import { busy, type ProxyAnswer, refusedOpening, unauthenticated, unreadable } from './proxy-answer.ts';
import { identifyProxyClient } from './proxy-client.ts';
import type { ProxyParts } from './proxy-parts.ts';
import { type ProxyTarget, readHttpTarget } from './read-target.ts';

type HttpTarget = Extract<ProxyTarget, { kind: 'http' }>;

/** Serves one absolute-form request. A redirect is the client's to follow: it comes back here and is judged again. */
export async function serveHttp(parts: ProxyParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refuse = (answer: ProxyAnswer) => {
    request.resume();
    response.writeHead(answer.status, { ...answer.headers }).end(answer.body);
  };
  const who = identifyProxyClient(parts.auth, request.headers['proxy-authorization']);
  if (!who.ok) return refuse(unauthenticated(who.error.code));
  parts.strangers.known(request.socket);
  const target = readHttpTarget(request);
  if (!target.ok || target.value.kind !== 'http') {
    return refuse(unreadable(target.ok ? { status: 400, detail: 'Not an http URL.' } : target.error));
  }
  if (parts.draining.aborted) return refuse(busy(true));
  const giveBack = parts.limits.take(who.value.identity);
  if (giveBack === null) return refuse(busy(false));
  const leaving = new AbortController();
  const gone = () => leaving.abort('detached');
  response.once('close', gone);
  try {
    const opening = await openPassage(parts, who.value, target.value, leaving.signal);
    if (opening.kind !== 'open') return refuse(refusedOpening(opening));
    opening.upstream.setTimeout(parts.pace.idleMs, () => opening.upstream.destroy());
    await exchange(request, response, target.value, opening.passage, opening.upstream, refuse);
  } finally {
    response.off('close', gone);
    giveBackWhenRead(response, parts.pace.lingerMs, giveBack);
  }
}

/** A client that does not read its answer keeps its place, and is let go after a while. */
function giveBackWhenRead(response: ServerResponse, lingerMs: number, giveBack: () => void): void {
  if (response.closed) {
    giveBack();
    return;
  }
  const timer = setTimeout(() => response.destroy(), lingerMs);
  response.once('close', () => {
    clearTimeout(timer);
    giveBack();
  });
}

function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  target: HttpTarget,
  passage: Passage,
  upstream: Socket,
  refuse: (answer: ProxyAnswer) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const outgoing = httpRequest({
    // Only without an agent: with `agent: false` Node makes one, which dials by itself and not what we judged.
    createConnection: () => upstream,
    method: request.method ?? 'GET',
    path: target.pathAndQuery,
    headers: outgoingHeaders(request, target),
    setHost: false,
    insecureHTTPParser: false,
    maxHeaderSize: 32 * 1024,
  });
  let isAnswered = false;
  let failed = false;
  const fail = () => {
    if (failed) return;
    failed = true;
    upstream.destroy();
    if (!response.headersSent) refuse(refusedOpening({ kind: 'refused', code: 'upstream-failed' }));
    else response.destroy();
  };
  const onCut = () => {
    const code = cutCode(passage.cutSignal);
    failed = true;
    void passage.finish('unknown-outcome', code === 'unknown-outcome' ? undefined : code);
    upstream.destroy();
    if (!response.headersSent) refuse(refusedOpening({ kind: 'refused', code }));
    else response.destroy();
  };
  upstream.once('close', () => {
    passage.cutSignal.removeEventListener('abort', onCut);
    if (!isAnswered && !response.writableEnded) fail();
    void passage.finish(failed ? 'failed' : 'succeeded', failed ? 'upstream-failed' : undefined).then(() => resolve());
  });
  passage.cutSignal.addEventListener('abort', onCut, { once: true });
  if (passage.cutSignal.aborted) onCut();
  outgoing.on('error', fail);
  // The other side would speak another protocol on a connection that was judged as one request.
  outgoing.on('upgrade', fail);
  outgoing.on('response', (answer) => {
    try {
      response.writeHead(answer.statusCode ?? 502, forwardedHeaders(answer.rawHeaders, null));
    } catch {
      fail();
      return;
    }
    pipeline(answer, response, (error) => {
      isAnswered = true;
      if (error) {
        failed = true;
        response.destroy();
      }
      upstream.destroy();
    });
  });
  response.once('close', () => upstream.destroy());
  pipeline(request, outgoing, () => undefined);
  return promise;
}

function outgoingHeaders(request: IncomingMessage, target: HttpTarget): string[] {
  const name = target.host.includes(':') ? `[${target.host}]` : target.host;
  const headers = forwardedHeaders(request.rawHeaders, target.port === 80 ? name : `${name}:${target.port}`);
  // Stripped with the other hop-by-hop headers, and the body is chunked anew: without it a body would have no frame.
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  headers.push('Connection', 'close');
  return headers;
}
