import { fetch as undiciFetch } from 'undici';
import type { Egress } from './connector.ts';
import { EgressDenied } from './egress-denied.ts';
import { limitedBody } from './limited-body.ts';

/** The shape a client library takes for its `fetch`. */
export type GuardedFetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** Whoever gives no deadline gets this one: a server that never answers must not hold a caller for ever. */
const DEADLINE_MS = 60_000;

/**
 * Makes a `fetch` that reaches allowlisted URLs only: discovery, OAuth metadata and token endpoints (never for forwarding
 * calls).
 *
 * Each URL is judged by itself, so an endpoint that a server names in its answers is as untrusted as the server. A redirect
 * is a refusal, on the list or off it: what was sent, secrets included, goes to the URL that was asked for and nowhere
 * else. Bodies are text, form parameters or bytes; a `Host` header of the caller, which would name another site to the
 * same address, is not sent: `fetch` writes the URL's.
 */
export function guardedFetch(egress: Egress): GuardedFetch {
  return async (url, init) => {
    const target = String(url);
    const pool = egress.poolFor(target);
    if (!pool.ok) throw new EgressDenied(pool.error.reason);
    const { bytes, type } = bodyOf(init?.body ?? null);
    const headers = new Headers(init?.headers);
    if (type !== null && !headers.has('content-type')) headers.set('content-type', type);
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    const signal = init?.signal ?? null;
    const answer = await undiciFetch(target, {
      method: init?.method ?? 'GET',
      headers: [...headers],
      body: bytes,
      signal: signal === null ? deadline : AbortSignal.any([signal, deadline]),
      redirect: 'manual',
      dispatcher: pool.value,
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new EgressDenied('the server answered with a redirect');
    }
    const isEmpty = answer.status === 204 || answer.status === 205;
    return new Response(isEmpty ? null : limitedBody(answer.body), {
      status: answer.status,
      statusText: answer.statusText,
      headers: [...answer.headers],
    });
  };
}

type Sent = { readonly bytes: string | Uint8Array<ArrayBuffer> | null; readonly type: string | null };

/** Streams and files are refused: nothing of ours sends them, and they could not be sent twice. */
function bodyOf(body: RequestInit['body'] | null): Sent {
  if (body === null || body === undefined) return { bytes: null, type: null };
  if (typeof body === 'string') return { bytes: body, type: null };
  if (body instanceof URLSearchParams) {
    return { bytes: body.toString(), type: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (body instanceof ArrayBuffer) return { bytes: new Uint8Array(body), type: null };
  if (ArrayBuffer.isView(body)) {
    // Copied: what the caller does with its buffer afterwards changes nothing that is sent.
    const copy = new Uint8Array(body.byteLength);
    copy.set(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
    return { bytes: copy, type: null };
  }
  throw new TypeError('only text, form parameters and bytes are sent');
}
