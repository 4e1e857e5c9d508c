// Server-only.
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { err, ok, type Result } from '#lib/core/result.ts';

export type BodyRefusal = { readonly code: 'args-too-large' | 'bad-json'; readonly detail: string };

/**
 * Reads a body as text, up to a limit. Refuses bytes that are not UTF-8: decoding would replace them silently, and the
 * replacement is not what the agent sent.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Result<string, BodyRefusal>> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > maxBytes) {
    request.resume();
    return Promise.resolve(tooLarge(maxBytes));
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBytes) chunks.push(chunk);
    });
    request.on('end', () => {
      if (bytes > maxBytes) {
        resolve(tooLarge(maxBytes));
        return;
      }
      const [only] = chunks;
      const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      resolve(isUtf8(body) ? ok(body.toString('utf8')) : err({ code: 'bad-json', detail: 'The body is not UTF-8.' }));
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The client went away while sending its request.'));
    });
  });
}

function tooLarge(maxBytes: number): { readonly ok: false; readonly error: BodyRefusal } {
  return err({ code: 'args-too-large', detail: `The request is larger than ${maxBytes} bytes.` });
}
