// Server-only. What a client asks the proxy for, read so that nobody further on can read it another way.
import type { IncomingMessage } from 'node:http';
import { type Destination, readUrl } from '#lib/core/egress/read-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

/** Where a client wants to go. `http` carries the path and query as they will be sent. */
export type ProxyTarget =
  | { readonly kind: 'tunnel'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'http';
      readonly host: string;
      readonly port: number;
      readonly path: string;
      readonly pathAndQuery: string;
    };

/** A request that is refused unread: HTTP status and a sentence. */
export type BadRequest = { readonly status: 400 | 405 | 413 | 501; readonly detail: string };

const AUTHORITY = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253}):([0-9]{1,5})$/i;
const MOST_URL = 8_192;

/**
 * Reads CONNECT's authority-form (RFC 9112 section 3.2.3): a host and a port, nothing else. The name is normalised by the
 * same reader as URLs, so that a decimal, octal or short address is judged as the address that would be dialled.
 */
export function readTunnelTarget(
  request: Pick<IncomingMessage, 'url' | 'rawHeaders'>,
): Result<ProxyTarget, BadRequest> {
  const authority = request.url ?? '';
  const [, port] = AUTHORITY.exec(authority) ?? [];
  if (port === undefined) return bad('CONNECT takes host:port and nothing else.');
  const framing = checkFraming(request.rawHeaders);
  if (framing !== null) return err(framing);
  if (has(request.rawHeaders, 'content-length') || has(request.rawHeaders, 'transfer-encoding')) {
    return bad('CONNECT has no body.');
  }
  // "https" stands in only to have the name read: with a port written out the scheme says nothing.
  const read = readUrl(`https://${authority}/`);
  if (!read.ok) return bad(read.error);
  const hosts = valuesOf(request.rawHeaders, 'host');
  const named = hosts[0] === undefined ? null : readHost(hosts[0], 443);
  if (named !== null && named.host !== read.value.host) return bad('The Host header names another host.');
  if (Number(port) < 1 || Number(port) > 65_535) return bad('The port is not one.');
  return ok({ kind: 'tunnel', host: read.value.host, port: Number(port) });
}

/**
 * Reads absolute-form (RFC 9112 section 3.2.2) of an http URL. The Host header must name the same host and port: the RFC
 * lets a proxy replace it, but two names in one request are two readings, and one of them is the attacker's.
 */
export function readHttpTarget(
  request: Pick<IncomingMessage, 'url' | 'rawHeaders' | 'method' | 'httpVersion'>,
): Result<ProxyTarget, BadRequest> {
  const text = request.url ?? '';
  if (text.length > MOST_URL) return err({ status: 413, detail: 'The URL is too long.' });
  if (request.httpVersion !== '1.1' && request.httpVersion !== '1.0') return bad('Only HTTP/1.1 is spoken here.');
  if (request.method === 'TRACE') return err({ status: 405, detail: 'TRACE is not forwarded.' });
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text))
    return bad('This is a proxy: send CONNECT host:port, or an absolute http:// URL.');
  if (/^https:/i.test(text)) return bad('https goes through CONNECT: this proxy does not end TLS.');
  const framing = checkFraming(request.rawHeaders);
  if (framing !== null) return err(framing);
  if (has(request.rawHeaders, 'upgrade')) return err({ status: 501, detail: 'Upgrade is not forwarded: use CONNECT.' });
  const read = readUrl(text);
  if (!read.ok) return bad(read.error);
  if (read.value.scheme !== 'http') return bad('Only http:// URLs are forwarded.');
  const [host] = valuesOf(request.rawHeaders, 'host');
  const named = host === undefined ? null : readHost(host, 80);
  if (named === null || named.host !== read.value.host || named.port !== read.value.port) {
    return bad('The Host header does not name the host of the URL.');
  }
  const { search } = new URL(text);
  const { host: name, port, path } = read.value;
  return ok({ kind: 'http', host: name, port, path, pathAndQuery: `${path}${search}` });
}

/** A target as a URL for the allowlist; a tunnel's path is the root, because nobody sees what is asked inside. */
export function urlOf(scheme: 'http' | 'https', target: ProxyTarget): string {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return `${scheme}://${host}:${target.port}${target.kind === 'http' ? target.path : '/'}`;
}

/**
 * Refuses what two parsers frame differently (request smuggling, RFC 9112 section 6.3): Content-Length beside
 * Transfer-Encoding, more than one of either or of Host, a coding other than chunked alone. Node's parser refuses most of
 * these before; this does not rely on its mildness.
 */
function checkFraming(rawHeaders: readonly string[]): BadRequest | null {
  const lengths = valuesOf(rawHeaders, 'content-length');
  const codings = valuesOf(rawHeaders, 'transfer-encoding');
  const refuse = (detail: string): BadRequest => ({ status: 400, detail });
  if (valuesOf(rawHeaders, 'host').length > 1) return refuse('There are two Host headers.');
  if (lengths.length > 0 && codings.length > 0) return refuse('Content-Length stands beside Transfer-Encoding.');
  if (lengths.length > 1 || codings.length > 1) return refuse('The length of the body is said twice.');
  if (lengths[0] !== undefined && !/^[0-9]{1,15}$/.test(lengths[0])) return refuse('Content-Length is not a number.');
  if (codings[0] !== undefined && codings[0].toLowerCase() !== 'chunked') return refuse('Only chunked is understood.');
  return null;
}

function readHost(text: string, defaultPort: number): Pick<Destination, 'host' | 'port'> | null {
  if (!/^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::[0-9]{1,5})?$/i.test(text)) return null;
  const read = readUrl(`http://${text}/`);
  if (!read.ok) return null;
  return /:[0-9]+$/.test(text.replace(/^\[[^\]]*\]/, '')) ? read.value : { host: read.value.host, port: defaultPort };
}

function valuesOf(rawHeaders: readonly string[], name: string): readonly string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);
}

function has(rawHeaders: readonly string[], name: string): boolean {
  return valuesOf(rawHeaders, name).length > 0;
}

function bad(detail: string): { readonly ok: false; readonly error: BadRequest } {
  return err({ status: 400, detail });
}
