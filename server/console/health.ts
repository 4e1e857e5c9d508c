import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Database } from '#lib/server/db/prisma.ts';
import { DATA_POLICY, setFixedHeaders } from './security-headers.ts';

/**
 * Answers /health/live and /health/ready; true when it was one of them.
 * Live: this process answers. Ready: it also reaches the database, hears its notifications and is not draining.
 * Asked before the host check, because load balancers probe by address; the answer tells nothing else.
 */
export function answerHealth(
  request: IncomingMessage,
  response: ServerResponse,
  state: { readonly prisma: Database; readonly isReady: () => boolean },
): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  if (request.url === '/health/live') {
    send(response, true);
    return true;
  }
  if (request.url !== '/health/ready') return false;
  state.prisma.$queryRaw`SELECT 1`.then(
    () => send(response, state.isReady()),
    () => send(response, false),
  );
  return true;
}

function send(response: ServerResponse, well: boolean): void {
  setFixedHeaders(response, { tls: false });
  response.writeHead(well ? 200 : 503, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-security-policy': DATA_POLICY,
  });
  response.end(JSON.stringify({ status: well ? 'ok' : 'not-ready' }));
}
