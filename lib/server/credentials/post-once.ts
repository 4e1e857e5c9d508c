// Server-only. One POST to an address of the allowlist: for token endpoints and rotation hooks.
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Egress } from '../egress/connector.ts';

export type PostAnswer = { readonly status: number; readonly text: string };

const TIMEOUT_MS = 15_000;
const MOST_BYTES = 64 * 1024;

/**
 * Whether a secret may go to an address: over TLS, or to this very machine. What it is on the allowlist for does not matter
 * here; a secret over plain HTTP is given away.
 */
export function isPrivateWay(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname));
}

/**
 * Sends a body and reads the answer. Judged by the allowlist on every connection; no redirect is followed, an answer past
 * 64 KiB or 15 s is none. The refusal's sentence never quotes what was sent or answered.
 */
export async function postOnce(
  egress: Pick<Egress, 'poolFor'>,
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<Result<PostAnswer, string>> {
  if (!isPrivateWay(url)) return err('The address is not https.');
  const pool = egress.poolFor(url);
  if (!pool.ok) return err('The address is not on the egress allowlist.');
  const { pathname, search } = new URL(url);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await pool.value.request({
      path: `${pathname}${search}`,
      method: 'POST',
      headers: { ...request.headers },
      body: request.body,
      signal,
    });
    // Dropping a body raises an error on it; unhandled, that would end the process.
    answer.body.on('error', () => undefined);
    if (answer.statusCode >= 300 && answer.statusCode < 400) {
      answer.body.destroy();
      return err('It answered with a redirect, which is not followed.');
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer.body) {
      const part = Buffer.from(chunk);
      bytes += part.length;
      if (bytes > MOST_BYTES) {
        answer.body.destroy();
        return err('Its answer is too large.');
      }
      chunks.push(part);
    }
    return ok({ status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') });
  } catch {
    return err(signal.aborted ? 'It did not answer in time.' : 'It could not be reached.');
  }
}
