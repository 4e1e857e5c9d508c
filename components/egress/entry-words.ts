import { formatAbsolute } from '#lib/client/time.ts';
import type { EgressEntry } from '#lib/contracts/egress.ts';

/** `the gateway`, `notifications`, `agent release-bot`, `stdio server files`: whose destination it is, in words. */
export function identityWords(identity: string): string {
  const [kind, name = ''] = identity.split(':');
  if (kind === 'agent') return `agent ${name}`;
  if (kind === 'server') return `stdio server ${name}`;
  return kind === 'notifications' ? 'notifications' : 'the gateway';
}

export const GATEWAY = 'gateway';

type Place = Pick<EgressEntry, 'scheme' | 'host' | 'port' | 'path'>;
type Said = Place & Pick<EgressEntry, 'identity' | 'cidr' | 'tlsPin' | 'clientCertificate' | 'expires'>;

/** An entry as an address. */
export function addressOf({ scheme, host, port, path }: Place): string {
  return `${scheme}://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}${path}`;
}

/** What an entry opens, and to whom, as a sentence: read before it is added. */
export function entrySentence(entry: Said): string {
  const who = identityWords(entry.identity);
  const host = entry.host.startsWith('*.') ? `any one name directly below ${entry.host.slice(2)}` : entry.host;
  const path = entry.path === '/' ? 'any path' : `paths below ${entry.path}`;
  const marks = [
    entry.scheme === 'http' && 'without encryption',
    entry.cidr !== null && `only at addresses inside ${entry.cidr}`,
    entry.tlsPin !== null && 'only if it shows the pinned key',
    entry.clientCertificate !== null && 'showing our certificate',
  ].filter((mark) => mark !== false);
  const end = entry.expires === null ? 'with no end' : `until ${formatAbsolute(entry.expires).slice(0, 16)}`;
  const who1 = who[0]?.toUpperCase() + who.slice(1);
  return `${who1} may connect to ${host}, port ${entry.port}, ${path}${marks.map((mark) => `, ${mark}`).join('')}, ${end}.`;
}

export const ENTRY_HOURS = [1, 24, 7 * 24, 30 * 24, 90 * 24] as const;
