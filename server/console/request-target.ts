// Which requests have a method, an address and a router state that everything behind the gate can read.
import type { IncomingMessage } from 'node:http';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export type TargetRefusal = { readonly code: 'method-not-allowed' | 'invalid-request'; readonly status: 405 | 400 };

/**
 * Refuses what would break or mislead a reader further in: a method that no handler can be called with, an address in
 * absolute form (the answer would redirect to whatever host it names), a path that is no UTF-8, and U+0000 anywhere,
 * which PostgreSQL cannot store. One Host header only: two are two readings.
 */
export function judgeTarget(request: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>): TargetRefusal | null {
  if (!METHODS.has(request.method ?? '')) return { code: 'method-not-allowed', status: 405 };
  const url = request.url ?? '';
  const path = url.split('?', 1)[0] ?? '';
  if (!path.startsWith('/') || url.includes('%00') || !isDecodable(path))
    return { code: 'invalid-request', status: 400 };
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  return hosts.length > 1 ? { code: 'invalid-request', status: 400 } : null;
}

/** Whether Next's router can read the state that a page says it is in; it answers 500 to what it cannot. */
export function isRouterState(header: string | readonly string[] | undefined): boolean {
  if (typeof header !== 'string') return header === undefined;
  try {
    const state: unknown = JSON.parse(decodeURIComponent(header));
    return Array.isArray(state) && typeof state[1] === 'object' && state[1] !== null;
  } catch {
    return false;
  }
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
