import ipaddr from 'ipaddr.js';

/** Whether an address may be reached without a private range having been opened for it, and why not. */
export type AddressVerdict = { readonly public: boolean; readonly reason: string };

/**
 * IPv4 space that is not the public Internet, and addresses with a special meaning in clouds. Source: IANA IPv4
 * Special-Purpose Address Registry (RFC 6890 and its updates), IANA IPv4 Multicast Address Space Registry; the
 * metadata addresses are those that AWS, Azure, Alibaba Cloud and Oracle document for their virtual machines.
 */
const CLOSED_V4: readonly (readonly [string, string])[] = [
  ['169.254.169.254/32', 'a cloud metadata service'],
  ['169.254.170.2/32', 'a cloud metadata service'],
  ['169.254.170.23/32', 'a cloud metadata service'],
  ['168.63.129.16/32', 'a cloud platform service'],
  ['100.100.100.200/32', 'a cloud metadata service'],
  ['192.0.0.192/32', 'a cloud metadata service'],
  ['0.0.0.0/8', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'carrier-grade NAT'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved for protocols'],
  ['192.0.2.0/24', 'documentation'],
  ['192.31.196.0/24', 'reserved for protocols'],
  ['192.52.193.0/24', 'reserved for protocols'],
  ['192.88.99.0/24', 'a 6to4 relay'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved for protocols'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['255.255.255.255/32', 'broadcast'],
  ['240.0.0.0/4', 'reserved'],
];

/**
 * IPv6 space that is closed; whatever is outside 2000::/3 and not listed is closed as well. Source: IANA IPv6
 * Special-Purpose Address Registry; RFC 4291 (compatible, mapped), RFC 2765 (translated), RFC 6052 and 8215 (NAT64),
 * RFC 3056 (6to4), RFC 4380 (Teredo), RFC 3879 (site-local), RFC 5180 and 9637 (benchmarking, documentation).
 */
const CLOSED_V6: readonly (readonly [string, string])[] = [
  ['fd00:ec2::254/128', 'a cloud metadata service'],
  ['fd00:ec2::23/128', 'a cloud metadata service'],
  ['fd20:ce::254/128', 'a cloud metadata service'],
  ['fd00:42::42/128', 'a cloud metadata service'],
  ['fe80::a9fe:a9fe/128', 'a cloud metadata service'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['::ffff:0:0/96', 'an IPv4 address in IPv6 clothes'],
  ['::ffff:0:0:0/96', 'an IPv4 address in IPv6 clothes'],
  ['::/96', 'an IPv4 address in IPv6 clothes'],
  ['64:ff9b::/96', 'NAT64, which hides an IPv4 address'],
  ['64:ff9b:1::/48', 'NAT64, which hides an IPv4 address'],
  ['100::/64', 'discard-only'],
  ['2001::/32', 'Teredo, which hides an IPv4 address'],
  ['2001:2::/48', 'benchmarking'],
  ['2001::/23', 'reserved for protocols'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', '6to4, which hides an IPv4 address'],
  ['2620:4f:8000::/48', 'reserved for protocols'],
  ['3fff::/20', 'documentation'],
  ['5f00::/16', 'segment routing'],
  ['fc00::/7', 'unique local'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
];

const V4 = CLOSED_V4.map(([cidr, reason]) => ({ range: ipaddr.IPv4.parseCIDR(cidr), reason }));
const V6 = CLOSED_V6.map(([cidr, reason]) => ({ range: ipaddr.IPv6.parseCIDR(cidr), reason }));
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Addresses that hand out cloud credentials: an allowlisted private range must never open them by accident. */
const METADATA = /metadata service|platform service/;

/** The private networks that an entry with a range may open: where somebody's own servers are. */
const OPENABLE: ReadonlySet<string> = new Set([
  'public',
  'private',
  'loopback',
  'carrier-grade NAT',
  'unique local',
  'documentation',
  'benchmarking',
]);

/**
 * Names under which clouds serve metadata. The addresses behind them are closed as well; the names are, because a resolver
 * inside a cloud may answer with an address that nobody has listed yet.
 */
const METADATA_NAMES: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'api.metadata.cloud.ibm.com',
]);

/**
 * Judges one resolved address. Public means: globally routed unicast, and no tunnel or translation that carries another
 * address inside. Takes only the plain notations a resolver returns; decimal, octal and short forms and zone ids are refused
 * because two readers disagree about them.
 */
export function judgeAddress(ip: string): AddressVerdict {
  const address = readAddress(ip);
  if (address === null) return { public: false, reason: 'not a plain IP address' };
  if (address.kind() === 'ipv4') {
    const closed = V4.find(({ range }) => address.match(range));
    return closed === undefined ? { public: true, reason: 'public' } : { public: false, reason: closed.reason };
  }
  const closed = V6.find(({ range }) => address.match(range));
  if (closed !== undefined) return { public: false, reason: closed.reason };
  if (!address.match(GLOBAL_UNICAST)) return { public: false, reason: 'outside global unicast space' };
  if (isIsatap(address)) return { public: false, reason: 'ISATAP, which hides an IPv4 address' };
  return { public: true, reason: 'public' };
}

/** Whether an address hands out credentials of the machine it is asked from; closed even to entries with a range. */
export function isMetadataAddress(ip: string): boolean {
  return METADATA.test(judgeAddress(ip).reason);
}

/** Whether a host name is a cloud's metadata service; assumes it normalised. */
export function isMetadataName(host: string): boolean {
  return METADATA_NAMES.has(host);
}

/**
 * Whether an entry with a range may open an address at all. Link-local, unspecified, multicast, reserved and tunnelled
 * addresses are no place for a server, and each of them is another spelling of some machine's own services. Behind the
 * well-known NAT64 prefix the IPv4 address inside decides, and must be public.
 */
export function isOpenable(ip: string): boolean {
  const address = readAddress(ip);
  if (address === null) return false;
  if (address.kind() === 'ipv6' && address.match(NAT64)) {
    return judgeAddress(address.toByteArray().slice(12).join('.')).public;
  }
  return OPENABLE.has(judgeAddress(ip).reason);
}

/** Whether a range lies wholly in space that no entry opens, so that an entry with it could never work. */
export function isHopelessCidr(cidr: string): boolean {
  const slash = cidr.indexOf('/');
  const address = cidr.slice(0, slash);
  if (isOpenable(address)) return false;
  const first = readAddress(address);
  const bits = Number(cidr.slice(slash + 1));
  if (first === null) return true;
  const blocks = first.kind() === 'ipv4' ? V4 : V6;
  return blocks.some(
    ({ range, reason }) =>
      !OPENABLE.has(reason) &&
      bits >= range[1] &&
      first.match(range) &&
      !(first.kind() === 'ipv6' && first.match(NAT64)),
  );
}

/** Whether an address lies inside a range; false for whatever cannot be read, and across address families. */
export function isInsideCidr(ip: string, cidr: string): boolean {
  const address = readAddress(ip);
  if (address === null) return false;
  if (address.kind() === 'ipv4') {
    return ipaddr.IPv4.isValidCIDRFourPartDecimal(cidr) && address.match(ipaddr.IPv4.parseCIDR(cidr));
  }
  return ipaddr.IPv6.isValidCIDR(cidr) && address.match(ipaddr.IPv6.parseCIDR(cidr));
}

function readAddress(ip: string): ReturnType<typeof ipaddr.parse> | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(ip)) return ipaddr.IPv4.parse(ip);
  return !ip.includes('%') && ipaddr.IPv6.isValid(ip) ? ipaddr.IPv6.parse(ip) : null;
}

/** RFC 5214 section 6.1: interface id 0000:5efe or 0200:5efe followed by an IPv4 address, under any prefix. */
function isIsatap(address: ReturnType<typeof ipaddr.parse>): boolean {
  const bytes = address.toByteArray();
  return (bytes[8] === 0x00 || bytes[8] === 0x02) && bytes[9] === 0x00 && bytes[10] === 0x5e && bytes[11] === 0xfe;
}
