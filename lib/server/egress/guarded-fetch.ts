import { fetch as undiciFetch } from 'undici';
import type { Egress } from './connector.ts';
import { EgressDenied } from './egress-denied.ts';

/** The shape a client library takes for its `fetch`. */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** What one answer may weigh: discovery reads descriptions, not files. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/**
 * Makes a `fetch` that reaches allowlisted URLs only, for discovery (never for forwarding calls).
 *
 * Each URL is judged by itself, so an endpoint that a server names in its answers is as untrusted as the server.
 * A redirect is a refusal: an upstream must not send the gateway elsewhere.
 */
export function guardedFetch(egress: Egress): GuardedFetch {
  return async (url, init) => {
    const target = String(url);
    const pool = egress.poolFor(target);
    if (!pool.ok) throw new EgressDenied(pool.error.reason);
    const body = init?.body ?? null;
    if (body !== null && typeof body !== 'string') throw new TypeError('discovery sends text bodies only');
    const answer = await undiciFetch(target, {
      method: init?.method ?? 'GET',
      headers: [...new Headers(init?.headers)],
      body,
      signal: init?.signal ?? null,
      redirect: 'manual',
      dispatcher: pool.value,
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new EgressDenied('the server answered with a redirect');
    }
    return new Response(answer.status === 204 ? null : limited(answer.body), {
      status: answer.status,
      statusText: answer.statusText,
      headers: [...answer.headers],
    });
  };
}

/** Passes the body on until it grows past the limit; a hostile upstream must not fill the memory. */
function limited(body: AsyncIterable<Uint8Array<ArrayBuffer>> | null): ReadableStream<Uint8Array<ArrayBuffer>> | null {
  if (body === null) return null;
  const source = body[Symbol.asyncIterator]();
  let bytes = 0;
  return new ReadableStream({
    async pull(controller) {
      const next = await source.next();
      if (next.done === true) {
        controller.close();
        return;
      }
      bytes += next.value.byteLength;
      if (bytes > MAX_ANSWER_BYTES) {
        controller.error(new Error('the answer is too large'));
        await source.return?.();
        return;
      }
      controller.enqueue(next.value);
    },
    async cancel() {
      await source.return?.();
    },
  });
}
