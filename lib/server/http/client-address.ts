// Server-only. Whose request this is, on the network. Rate limits and the audit log depend on it, so a client may not choose it.
import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** The proxies an operator trusts to name the client. */
export function trustedProxies(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/**
 * The client's address: the peer, or, when the peer is a trusted proxy, the last address in X-Forwarded-For that no
 * trusted proxy wrote. Earlier ones are whatever the client made up: where the last one cannot be read, they do not count
 * either. A port beside the address is left out, as some proxies write one.
 */
export function clientAddress(request: IncomingMessage, trusted: BlockList): string {
  const peer = plainAddress(request.socket.remoteAddress ?? 'unknown');
  if (!isTrusted(peer, trusted)) return peer;
  const header = request.headers['x-forwarded-for'];
  const chain = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').map((part) => part.trim());
  const client = chain
    .reverse()
    .map(withoutPort)
    .find((hop) => !isTrusted(hop, trusted));
  return client !== undefined && isIP(client) !== 0 ? client : peer;
}

function withoutPort(hop: string): string {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/i.exec(hop) ?? [];
  return plainAddress(bracketed ?? plain ?? hop);
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
