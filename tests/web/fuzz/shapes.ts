// Requests as nobody should send them.
import type { Random } from './random.ts';

export type FuzzTarget = { readonly method: string; readonly path: string; readonly members: readonly string[] };
export type FuzzRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | null;
};

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const NOWHERE = '01900000-0000-7000-8000-000000000000';
const PARTS = [
  NOWHERE,
  NOWHERE.toUpperCase(),
  '0',
  '-1',
  '2147483648',
  '1e9',
  'null',
  'files',
  '..',
  '.',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%00',
  'a%00b',
  '%zz',
  '%',
  '%c0%ae',
  '%F0%9F%92%A3',
  "'%20OR%20'1'%3D'1",
  '%3Cscript%3E',
  '__proto__',
  'constructor',
  'a'.repeat(3000),
];
const QUERIES = [
  '',
  '?',
  '?cursor=x&cursor=y',
  '?limit=-1',
  '?limit=99999999999999999999',
  '?wait=NaN',
  '?wait=1e309',
  '?status[]=pending',
  '?__proto__[x]=1',
  '?q=%00',
  '?q=%ff%fe',
  `?q=${'x'.repeat(6000)}`,
  '?_rsc=abc',
  '?token=%00',
  '?callbackUrl=https%3A%2F%2Fevil.example',
];
const TYPES = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/xml',
  'APPLICATION/JSON',
  '',
  'application/json, text/plain',
];
const NONE_ALG = 'eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJzdWIiOiJ4In0.';
const AUTHORIZATIONS = [
  'Bearer',
  'Bearer x',
  `Bearer ${NONE_ALG}`,
  `Bearer cs_${'A'.repeat(43)}`,
  `Bearer csh_${'A'.repeat(43)}`,
  'Basic Og==',
  'Basic !!!',
  `Basic ${Buffer.from('%zz:%zz').toString('base64')}`,
  'Negotiate YII=',
  `Bearer ${'x'.repeat(5000)}`,
];
const MORE_HEADERS: readonly (readonly [string, readonly string[]])[] = [
  [
    'cookie',
    [
      'next-auth.session-token=x',
      'countersign.session=%00',
      '__Host-countersign.session=a.b.c',
      `a=${'b'.repeat(4000)}`,
    ],
  ],
  ['origin', ['https://evil.example', 'null', '', 'http://localhost']],
  ['sec-fetch-site', ['cross-site', 'same-origin', 'none', 'junk']],
  ['x-forwarded-for', ['127.0.0.1', '::1, 10.0.0.1', '%00']],
  ['x-forwarded-host', ['evil.example']],
  ['x-forwarded-proto', ['https']],
  ['x-http-method-override', ['DELETE']],
  ['x-middleware-subrequest', ['src/middleware:src/middleware:src/middleware']],
  ['next-action', ['x', '0000000000000000000000000000000000000000']],
  ['rsc', ['1']],
  ['next-router-state-tree', ['%5B%5D', '%zz', '[]', 'x'.repeat(3000)]],
  ['next-router-prefetch', ['1', 'junk']],
  ['accept', ['application/json', 'text/event-stream', '*/*', 'text/x-component', '']],
  ['accept-encoding', ['gzip, br;q=0, *;q=junk']],
  ['range', ['bytes=0-0,-1', 'bytes=99999999999-']],
  ['if-none-match', ['*', 'W/"x"']],
  ['mcp-session-id', ['x', 'A'.repeat(22), '%00']],
  ['mcp-protocol-version', ['2026-07-28', '2025-11-25', '1.0', 'x'.repeat(200)]],
  ['mcp-method', ['tools/call', 'x']],
  ['mcp-name', ['=?base64?!!?=', 'echo']],
  ['idempotency-key', ['', 'x'.repeat(500)]],
  ['content-encoding', ['gzip', 'br']],
  ['upgrade-insecure-requests', ['1']],
  ['dpop', [NONE_ALG]],
  ['proxy-authorization', ['Basic Og==']],
];

/** One request at a target: mostly its own method and path, with something wrong in it. */
export function fuzzRequest(random: Random, target: FuzzTarget): FuzzRequest {
  const method = random.once(4) ? random.pick(METHODS) : target.method;
  const path = fuzzPath(random, target.path);
  const headers: Record<string, string> = {};
  if (random.once(2)) headers.authorization = random.pick(AUTHORIZATIONS);
  for (let more = random.below(4); more > 0; more--) {
    const [name, values] = random.pick(MORE_HEADERS);
    headers[name] = random.pick(values);
  }
  const body = method === 'GET' || method === 'HEAD' ? null : fuzzBody(random, target.members);
  if (body !== null) headers['content-type'] = random.once(3) ? random.pick(TYPES) : 'application/json';
  return { method, path, headers, body };
}

function fuzzPath(random: Random, path: string): string {
  const filled = path.replace(/\{\w+\}/g, () => random.pick(PARTS));
  const bent = random.once(12)
    ? `${filled}${random.pick(['/', '//', '/..', '/x', '.json', ';a=b', '%2f', '%20'])}`
    : filled;
  return `${bent}${random.once(3) ? random.pick(QUERIES) : ''}`;
}

function fuzzBody(random: Random, members: readonly string[]): string | Buffer | null {
  const kind = random.below(16);
  if (kind === 0) return null;
  if (kind === 1) return '';
  if (kind === 2)
    return random.pick(['{', '[', 'null', '0', '"x"', 'true', '{"a":1}{"b":2}', '\ufeff{}', '{"a":1,"a":2}']);
  if (kind === 3) return Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0xc0, 0x80, 0x22, 0x7d]);
  if (kind === 4) return '['.repeat(random.pick([70, 1000, 20_000]));
  if (kind === 5) return `{"a":${'{"a":'.repeat(300)}1${'}'.repeat(300)}}`;
  if (kind === 6)
    return random.once(20)
      ? JSON.stringify({ a: 'x'.repeat(1_200_000) })
      : 'grant_type=client_credentials&resource=x&resource=y';
  if (kind === 7) return '{"__proto__":{"admin":true},"constructor":{"prototype":1}}';
  if (kind === 8)
    return JSON.stringify({ jsonrpc: '2.0', id: value(random, 1), method: 'tools/call', params: value(random, 2) });
  const body: Record<string, unknown> = {};
  for (const member of members) if (!random.once(4)) body[member] = value(random, 2);
  if (random.once(4)) body[random.pick(['x', '', 'ID', 'toString'])] = value(random, 2);
  return JSON.stringify(body);
}

function value(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 14 : 11);
  if (kind < 11) {
    return [null, true, -1, 1e308, 2 ** 53 + 2, '', 'x', '\ud800', '\u0000', 'a'.repeat(2000), NOWHERE][kind];
  }
  if (kind === 11) return [];
  if (kind === 12) return Array.from({ length: random.below(5) }, () => value(random, depth - 1));
  return { [random.pick(['a', 'id', '__proto__', ''])]: value(random, depth - 1) };
}

/** Bytes that no client library would send; the host stands for the one that is right. */
export function rawRequests(host: string): readonly string[] {
  const post = (headers: readonly string[], body: string, path = '/api/v1/calls') =>
    [`POST ${path} HTTP/1.1`, `Host: ${host}`, ...headers, '', body].join('\r\n');
  return [
    post(['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n'),
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], '0\r\n\r\n'),
    post(['Transfer-Encoding: chunked'], 'zz\r\n\r\n'),
    post(['Transfer-Encoding : chunked'], '0\r\n\r\n'),
    post(['Content-Length: 5', 'Content-Length: 6'], '{}'),
    post(['Content-Length: -1'], '{}'),
    post(['Content-Length: 2', 'Expect: 100-continue', 'Content-Type: application/json'], '{}'),
    post(['Content-Length: 2', 'Expect: anything'], '{}'),
    `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\n\r\n`,
    'GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    `GET http://evil.example/ HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET http://[::1 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `CONNECT evil.example:443 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /\u0001 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /é HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET /\\evil HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET //evil.example/%2e%2e HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    `GET / HTTP/1.0\r\n\r\n`,
    `GET / HTTP/9.9\r\nHost: ${host}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\nX: a\r\n b\r\n\r\n`,
    `GET / HTTP/1.1\nHost: ${host}\n\n`,
    `GET / HTTP/1.1\r\nHost: ${host}\r\n${'X: y\r\n'.repeat(3000)}\r\n`,
    `GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
    '\u0000\u0000\u0000\u0000',
    ...['/', '/socket.io/?EIO=4&transport=websocket', '/_next/webpack-hmr', '/mcp/files', '/api/v1/calls'].map(
      (path) =>
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    ),
    `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`,
  ];
}
