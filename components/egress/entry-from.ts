import type { EgressEntryInput } from '#lib/contracts/egress.ts';

type Place = Pick<EgressEntryInput, 'scheme' | 'host' | 'port' | 'path'>;

/** The place an address names; null for anything but plain http or https without credentials. The server judges it again. */
export function entryFrom(address: string): Place | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const scheme = url.protocol === 'https:' ? 'https' : url.protocol === 'http:' ? 'http' : null;
  if (scheme === null || url.username !== '' || url.password !== '' || url.hostname === '') return null;
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, host: url.hostname, port, path: url.pathname };
}
