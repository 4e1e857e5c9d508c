// Server-only. CONNECT: two sockets joined, nothing read in between.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { letGo, refuseSocket } from './close-socket.ts';
import { cutCode, openPassage } from './open-passage.ts';
import type { Passage } from './passages.ts';
import { asText, busy, type ProxyAnswer, refusedOpening, unauthenticated, unreadable } from './proxy-answer.ts';
import { identifyProxyClient } from './proxy-client.ts';
import type { ProxyParts } from './proxy-parts.ts';
import { readTunnelTarget } from './read-target.ts';

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n';

/** Serves one CONNECT. `head` are bytes that the client sent without waiting for the answer. */
export async function serveTunnel(
  parts: ProxyParts,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  client.on('error', () => client.destroy());
  const refuse = (answer: ProxyAnswer) => refuseSocket(client, asText(answer));
  const who = identifyProxyClient(parts.auth, request.headers['proxy-authorization']);
  if (!who.ok) return refuse(unauthenticated(who.error.code));
  parts.strangers.known(request.socket);
  const target = readTunnelTarget(request);
  if (!target.ok) return refuse(unreadable(target.error));
  if (parts.draining.aborted) return refuse(busy(true));
  const giveBack = parts.limits.take(who.value.identity);
  if (giveBack === null) return refuse(busy(false));
  const waiting = watchLeaving(client);
  try {
    const opening = await openPassage(parts, who.value, target.value, waiting.left);
    waiting.stop();
    if (opening.kind !== 'open') return refuse(refusedOpening(opening));
    const { passage, upstream } = opening;
    if (client.destroyed || waiting.left.aborted) {
      upstream.destroy();
      await passage.finish('failed', 'upstream-failed');
      return;
    }
    client.write(ESTABLISHED);
    if (head.length > 0) upstream.write(head);
    upstream.setTimeout(parts.pace.idleMs, () => upstream.destroy());
    await join(client, upstream, passage, parts.pace.lingerMs);
  } finally {
    waiting.stop();
    giveBack();
  }
}

/**
 * Pipes both ways until both sides are done, and records how it ended. Resolves once the client's socket is closed as
 * well: its place is taken for as long as it takes one.
 */
function join(client: Duplex, upstream: Socket, passage: Passage, lingerMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    if (client.closed) resolve();
    else client.once('close', resolve);
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  let failed = false;
  const onCut = () => {
    const code = cutCode(passage.cutSignal);
    // Counted before the sockets forget what was still in their buffers.
    void passage.finish('unknown-outcome', code === 'unknown-outcome' ? undefined : code);
    upstream.destroy();
    client.destroy();
  };
  upstream.on('error', () => {
    failed = true;
    client.destroy();
  });
  upstream.once('close', () => {
    passage.cutSignal.removeEventListener('abort', onCut);
    letGo(client, lingerMs);
    void passage.finish(failed ? 'failed' : 'succeeded', failed ? 'upstream-failed' : undefined).then(() => resolve());
  });
  client.once('close', () => upstream.destroy());
  passage.cutSignal.addEventListener('abort', onCut, { once: true });
  if (passage.cutSignal.aborted) onCut();
  client.pipe(upstream);
  upstream.pipe(client);
  return promise.then(() => closed);
}

/** Notices a client that gives up while people are asked: a socket that nobody reads does not say that it was closed. */
function watchLeaving(client: Duplex): { readonly left: AbortSignal; stop(): void } {
  const leaving = new AbortController();
  const gone = () => leaving.abort('detached');
  const look = () => {
    // Early bytes stay where they are; only the end is looked for.
    if (client.readableLength === 0) client.read();
  };
  client.on('close', gone);
  client.on('end', gone);
  client.on('readable', look);
  if (client.destroyed) gone();
  return {
    left: leaving.signal,
    stop: () => {
      client.off('close', gone);
      client.off('end', gone);
      client.off('readable', look);
    },
  };
}
