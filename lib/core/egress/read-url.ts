import { err, ok, type Result } from '../result.ts';

/** Where a URL leads, normalised so that it can be compared with the allowlist. */
export type Destination = {
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  readonly path: string;
};

/**
 * Reads a URL the way the connector will, or says why it is refused.
 *
 * Refuses everything that two URL readers understand differently: userinfo, fragments, backslashes, control characters and
 * spaces, schemes other than http and https, encoded slashes, backslashes and dots that survive normalisation.
 */
export function readUrl(text: string): Result<Destination, string> {
  if (hasControlOrSpace(text)) return err('The URL contains control characters or spaces.');
  if (text.includes('\\')) return err('The URL contains a backslash.');
  if (text.includes('#')) return err('The URL has a fragment.');
  if (!/^https?:\/\/[^/]/i.test(text)) return err('The URL does not begin with http:// or https:// and a host.');
  const url = URL.parse(text);
  if (url === null) return err('The URL cannot be read.');
  if (url.username !== '' || url.password !== '' || authorityOf(text).includes('@')) {
    return err('The URL carries a user name or password.');
  }
  const host = normaliseHost(url.hostname);
  if (host === '') return err('The URL has no host.');
  if (/%(?:25)*(?:2f|5c|2e)/i.test(url.pathname)) return err('The path hides a slash or a dot behind an encoding.');
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return ok({ scheme, host, port, path: url.pathname });
}

/** One spelling per host: lower case, no trailing dot, no brackets around IPv6. */
export function normaliseHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return bare.toLowerCase().replace(/\.$/, '');
}

function hasControlOrSpace(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= 0x20 || (code >= 0x7f && code <= 0xa0)) return true;
  }
  return false;
}

function authorityOf(text: string): string {
  return text.slice(text.indexOf('//') + 2).split(/[/?]/, 1)[0] ?? '';
}
