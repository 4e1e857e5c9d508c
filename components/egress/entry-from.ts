import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';

type Place = Pick<EgressEntryInput, 'scheme' | 'host' | 'port' | 'path'>;

/** One name below a host. Taken off before the address is parsed: some browsers write the star as `%2A`. */
const WILDCARD = /^(https?:\/\/)\*\./i;

/** The place an address names; null for anything but plain http or https without credentials. The server judges it again. */
export function entryFrom(address: string): Place | null {
  const plain = address.replace(WILDCARD, '$1');
  if (!URL.canParse(plain)) return null;
  const url = new URL(plain);
  const scheme = url.protocol === 'https:' ? 'https' : url.protocol === 'http:' ? 'http' : null;
  if (scheme === null || url.username !== '' || url.password !== '' || url.hostname === '') return null;
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, host: plain === address ? url.hostname : `*.${url.hostname}`, port, path: url.pathname };
}
