// Server-only. Who may speak to this origin at all: DNS rebinding and browsers are turned away before anything is read.
import type { IncomingMessage } from 'node:http';
import type { ProblemCode } from '#lib/contracts/problems.ts';

export type RequestGuard = (request: IncomingMessage) => { readonly code: ProblemCode; readonly detail: string } | null;

/**
 * Makes the guard for a gateway that is reachable under its public URL and on loopback.
 *
 * A name that an attacker points at 127.0.0.1 arrives with the attacker's Host header: only our own names pass, whatever
 * the port. A page in a browser always sends Origin on a POST: any that is not ours is refused, `null` included. Two
 * Host or Origin headers are two readings, so they are refused as well.
 */
export function createRequestGuard(gatewayUrl: string, bindAddress: string): RequestGuard {
  const url = new URL(gatewayUrl);
  const names = new Set([url.hostname, 'localhost', '127.0.0.1', '[::1]']);
  if (bindAddress !== '0.0.0.0' && bindAddress !== '::') {
    names.add(bindAddress.includes(':') ? `[${bindAddress}]` : bindAddress);
  }
  const known = new Set<string>();
  return (request) => {
    const { host, origin } = request.headers;
    if (host === undefined || hasTwoHosts(request.rawHeaders) || !(known.has(host) || isOurs(host, names, known))) {
      return { code: 'cross-site', detail: 'The Host header names another site.' };
    }
    if (origin !== undefined && origin !== url.origin) {
      return { code: 'cross-site', detail: 'Browsers of other origins may not call the gateway.' };
    }
    return null;
  };
}

function isOurs(host: string, names: ReadonlySet<string>, known: Set<string>): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i.exec(host);
  const name = match?.[1]?.toLowerCase();
  if (name === undefined || !names.has(name) || !URL.canParse(`http://${host}`)) return false;
  if (known.size < 64) known.add(host);
  return true;
}

/** Node keeps the first of several Host headers and drops the rest; a proxy before us may have gone by another. */
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}

/** Whether the body is declared as JSON: exactly that type, parameters such as a charset aside. */
export function isJsonRequest(request: IncomingMessage): boolean {
  const type = request.headers['content-type'];
  if (type === 'application/json') return true;
  return type !== undefined && /^application\/json[ \t]*(?:;|$)/i.test(type);
}
