import type { EgressEntry } from '#lib/contracts/servers.ts';

/** An entry as an address. */
export function addressOf(entry: Pick<EgressEntry, 'scheme' | 'host' | 'port' | 'path'>): string {
  return `${entry.scheme}://${entry.host}:${entry.port}${entry.path}`;
}
