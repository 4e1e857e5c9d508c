import { readUrl } from '#lib/core/egress/read-url.ts';

/**
 * Where a URL was meant to lead, for the list of attempts: scheme, host and port, never path or query, which may carry
 * secrets. A URL that is refused as unreadable still names what another reader would see in it.
 */
export function attemptAt(url: string): { readonly scheme: string; readonly host: string; readonly port: number } {
  const read = readUrl(url);
  if (read.ok) return { scheme: read.value.scheme, host: read.value.host, port: read.value.port };
  const loose = URL.parse(url);
  if (loose === null) return { scheme: 'unreadable', host: '', port: 0 };
  return { scheme: loose.protocol.replace(/:$/, ''), host: loose.hostname, port: Number(loose.port) };
}
