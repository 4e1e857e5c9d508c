// Server-only. One POST through the way out, and what its answer means for the next try.
import { readRetryAfter } from '#lib/core/notifications/backoff.ts';
import { isPrivateWay } from '../../credentials/post-once.ts';
import { egressDenialIn, HostUnresolved } from '../../egress/egress-denied.ts';
import type { Sent } from '../message.ts';
import type { WayOut } from '../way-out.ts';

export type Posted =
  | { readonly kind: 'answered'; readonly status: number; readonly text: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'failed'; readonly sent: Extract<Sent, { kind: 'again' | 'never' }> };

const TIMEOUT_MS = 15_000;
/** Nobody says in an answer to a notification what takes longer. */
const MOST_BYTES = 16 * 1024;

/** Posts a body. A redirect is not followed: what is sent goes to the address that was named and nowhere else. */
export async function post(
  out: Pick<WayOut, 'poolFor'>,
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Uint8Array },
): Promise<Posted> {
  if (!isPrivateWay(url)) return never('The address is not https.');
  const pool = out.poolFor(url);
  if (!pool.ok) return never('The allowlist does not cover the address for notifications.');
  const { pathname, search } = new URL(url);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await pool.value.request({
      path: `${pathname}${search}`,
      method: 'POST',
      headers: { ...request.headers, 'user-agent': 'Countersign' },
      body: request.body,
      signal,
    });
    // Dropping a body raises an error on it; unhandled, that would end the process.
    answer.body.on('error', () => undefined);
    const header = answer.headers['retry-after'];
    const retryAfterMs = readRetryAfter(Array.isArray(header) ? header[0] : header, Date.now());
    return { kind: 'answered', status: answer.statusCode, text: await bounded(answer.body), retryAfterMs };
  } catch (error) {
    const denial = egressDenialIn(error);
    const unresolved = denial instanceof HostUnresolved;
    if (denial !== null && !unresolved) return never('The allowlist does not let this address be reached.');
    const why = unresolved
      ? 'Its host name could not be resolved.'
      : signal.aborted
        ? 'It did not answer in time.'
        : 'It could not be reached.';
    return { kind: 'failed', sent: { kind: 'again', why, retryAfterMs: null } };
  }
}

/** The usual meaning of a status that is no success. */
export function meaningOf(posted: Extract<Posted, { kind: 'answered' }>): Sent {
  const { status, retryAfterMs } = posted;
  const why = `It answered ${status}.`;
  if (status >= 300 && status < 400) {
    return { kind: 'never', why: 'It answered with a redirect, which is not followed.' };
  }
  if (status === 408 || status === 425 || status === 429 || status >= 500) return { kind: 'again', why, retryAfterMs };
  return { kind: 'never', why };
}

function never(why: string): Posted {
  return { kind: 'failed', sent: { kind: 'never', why } };
}

async function bounded(body: AsyncIterable<unknown> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    bytes += part.length;
    if (bytes > MOST_BYTES) {
      body.destroy();
      break;
    }
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
