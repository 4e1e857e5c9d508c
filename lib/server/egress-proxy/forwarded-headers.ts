// Server-only. Which headers pass the proxy, in either direction.

/** RFC 9110 section 7.6.1, with the older names; Proxy-Authorization is the identity's secret and stays here. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'proxy-authentication-info',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
]);
/** What a Connection header may not strip: the other side would read the message another way than we judged it. */
const NEVER_STRIPPED: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'content-type',
  'authorization',
  'cookie',
]);

/**
 * The end-to-end headers of a message as node:http writes them, names and order kept. `host` replaces what the sender wrote.
 */
export function forwardedHeaders(rawHeaders: readonly string[], host: string | null): string[] {
  const named = new Set<string>();
  for (const [name, value] of pairs(rawHeaders)) {
    if (name.toLowerCase() !== 'connection') continue;
    for (const token of value.split(',')) named.add(token.trim().toLowerCase());
  }
  const kept: string[] = host === null ? [] : ['Host', host];
  for (const [name, value] of pairs(rawHeaders)) {
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower) || (named.has(lower) && !NEVER_STRIPPED.has(lower))) continue;
    if (host !== null && lower === 'host') continue;
    kept.push(name, value);
  }
  return kept;
}

function* pairs(rawHeaders: readonly string[]): Generator<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) yield [rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''];
}
