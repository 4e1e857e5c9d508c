// Server-only. The name by which a stdio server's process is known to the egress proxy.
import { hkdfSync, timingSafeEqual } from 'node:crypto';
import { hmacSha256 } from '../keys/hmac.ts';
import type { Keys } from '../keys/load-keys.ts';

/** Which server's process asks, and under which configuration it was started. */
export type ProxyServerIdentity = { readonly server: string; readonly configHash: string };

const PREFIX = 'csp_';
const INFO = 'countersign/proxy-credential/v1';
const SHAPE = /^csp_([a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?)\.([0-9a-f]{64})\.([A-Za-z0-9_-]{43})$/;

/**
 * The credential that the runner puts into a child's proxy URL.
 *
 * An HMAC under a key of its own, from the master key: any gateway verifies it without a row, and nobody who lacks the
 * master key makes one. It dies with the configuration it names, because a changed command is another identity.
 */
export function serverProxyCredential(keys: Pick<Keys, 'masterKey'>, identity: ProxyServerIdentity): string {
  const said = `${identity.server}.${identity.configHash}`;
  return `${PREFIX}${said}.${hmacSha256(proxyKey(keys), said, 'buffer').toString('base64url')}`;
}

/**
 * Who a credential says it is, or null when this installation did not write it. The caller still asks the snapshot
 * whether that server is active and has that configuration now.
 */
export function readProxyCredential(keys: Pick<Keys, 'masterKey'>, text: string): ProxyServerIdentity | null {
  const [, server, configHash, mac] = SHAPE.exec(text) ?? [];
  if (server === undefined || configHash === undefined || mac === undefined) return null;
  const expected = hmacSha256(proxyKey(keys), `${server}.${configHash}`, 'buffer');
  const given = Buffer.from(mac, 'base64url');
  // base64url has spare bits in its last character: compared as bytes, and in constant time.
  return given.length === expected.length && timingSafeEqual(given, expected) ? { server, configHash } : null;
}

/** The value of HTTP_PROXY and HTTPS_PROXY for a child; `proxyUrl` is where the proxy listens. */
export function serverProxyUrl(keys: Pick<Keys, 'masterKey'>, identity: ProxyServerIdentity, proxyUrl: string): string {
  const url = new URL(proxyUrl);
  url.username = `server.${identity.server}`;
  url.password = serverProxyCredential(keys, identity);
  return url.href;
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
