// Server-only. node:http in, web-standard handlers out: the decision API and OAuth are written once for both servers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { problem } from '#lib/contracts/problems.ts';
import { readBody } from './read-body.ts';

export type WebHandler = (request: Request) => Promise<Response> | Response;

/** Runs a web-standard handler for a node request. `origin` must come from a validated Host. Aborts when the client goes. */
export async function runWebHandler(
  handler: WebHandler,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
  maxBytes: number,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort('detached');
  });
  const method = request.method ?? 'GET';
  // The standard's Request throws on these; they mean nothing to any handler here either.
  if (method === 'TRACE' || method === 'CONNECT' || method === 'TRACK') {
    request.resume();
    response.writeHead(405, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(problem('method-not-allowed')));
    return;
  }
  const headers = new Headers();
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    headers.append(request.rawHeaders[i] ?? '', request.rawHeaders[i + 1] ?? '');
  }
  let body: string | null = null;
  if (method !== 'GET' && method !== 'HEAD') {
    const read = await readBody(request, maxBytes);
    if (!read.ok) {
      response.writeHead(read.error.code === 'args-too-large' ? 413 : 400, {
        'content-type': 'application/problem+json',
      });
      response.end(
        JSON.stringify({
          type: `urn:countersign:problem:${read.error.code}`,
          code: read.error.code,
          detail: read.error.detail,
        }),
      );
      return;
    }
    body = read.value;
  } else request.resume();
  const answer = await handler(
    new Request(`${origin}${request.url ?? '/'}`, { method, headers, body, signal: gone.signal }),
  );
  if (response.destroyed) return;
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}
