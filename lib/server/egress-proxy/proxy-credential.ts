// Server-only. The name by which a stdio server's process is known to the egress proxy.
import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '../keys/hmac.ts';
import type { Keys } from '../keys/load-keys.ts';

/**
 * Which server's process asks: the row's id, because a name may be given to another server; the configuration it was
 * started under; and the epoch, which rises whenever what was given out before must end.
 */
export type ProxyServerIdentity = {
  readonly serverId: string;
  readonly configHash: string;
  readonly proxyEpoch: number;
};

const PREFIX = 'csp_';
const INFO = 'countersign/proxy-credential/v2';
const SHAPE =
  /^csp_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{64})\.(0|[1-9][0-9]{0,14})\.([A-Za-z0-9_-]{43})$/;

/**
 * The credential that the runner puts into a child's proxy URL.
 *
 * An HMAC under a key of its own, from the master key: any gateway verifies it without a row of its own, and nobody who
 * lacks the master key makes one. It ends with the configuration and the epoch it names.
 */
export function serverProxyCredential(keys: Pick<Keys, 'masterKey'>, identity: ProxyServerIdentity): string {
  const said = saidOf(identity);
  return `${PREFIX}${said}.${hmacSha256(proxyKey(keys), said, 'buffer').toString('base64url')}`;
}

/**
 * Who a credential says it is, or null when this installation did not write it. The caller still asks the snapshot
 * whether that server is active and has that configuration and that epoch now.
 */
export function readProxyCredential(keys: Pick<Keys, 'masterKey'>, text: string): ProxyServerIdentity | null {
  const [, serverId, configHash, epoch, mac] = SHAPE.exec(text) ?? [];
  if (serverId === undefined || configHash === undefined || epoch === undefined || mac === undefined) return null;
  const identity = { serverId, configHash, proxyEpoch: Number(epoch) };
  const expected = hmacSha256(proxyKey(keys), saidOf(identity), 'buffer');
  const given = Buffer.from(mac, 'base64url');
  // base64url has spare bits in its last character: compared as bytes, and in constant time.
  return given.length === expected.length && timingSafeEqual(given, expected) ? identity : null;
}

/** The value of HTTP_PROXY and HTTPS_PROXY for a child; `proxyUrl` is where the proxy listens. */
export function serverProxyUrl(
  keys: Pick<Keys, 'masterKey'>,
  identity: ProxyServerIdentity & { readonly name: string },
  proxyUrl: string,
): string {
  const url = new URL(proxyUrl);
  url.username = `server.${identity.name}`;
  url.password = serverProxyCredential(keys, identity);
  return url.href;
}

function saidOf({ serverId, configHash, proxyEpoch }: ProxyServerIdentity): string {
  return `${serverId}.${configHash}.${proxyEpoch}`;
}

const derived = new WeakMap<Uint8Array, Buffer>();

function proxyKey(keys: Pick<Keys, 'masterKey'>): Buffer {
  let key = derived.get(keys.masterKey);
  if (key === undefined) {
    key = Buffer.from(hkdfSync('sha256', keys.masterKey, Buffer.alloc(0), INFO, 32));
    derived.set(keys.masterKey, key);
  }
  return key;
}
