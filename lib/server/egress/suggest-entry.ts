import { isIP } from 'node:net';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { entriesFor, GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { isOpenable, judgeAddress } from '#lib/core/egress/judge-address.ts';
import { type EgressEntry, judgeUrl, neededEntry } from '#lib/core/egress/judge-url.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import { judgedEntry } from './entry-place.ts';
import { type Lookup, systemLookup } from './resolve-host.ts';

/**
 * The allowlist entry that a server's URL needs, with the narrowest range where it resolves to a private or loopback
 * address. A name that does not resolve now gets an entry without a range: then only public addresses will do.
 */
export async function suggestEntry(
  url: string,
  serverName: string,
  lookup: Lookup = systemLookup,
): Promise<Result<EgressEntryInput, ConfigRefusal>> {
  const needed = neededEntry(url);
  if (!needed.ok) return refuse('invalid-request', needed.error.reason);
  const { scheme, host, port, path } = needed.value;
  const addresses = isIP(host) === 0 ? await lookup(host).catch(() => []) : [host];
  const closed = addresses.find((address) => !judgeAddress(address).public && isOpenable(address));
  const cidr = closed === undefined ? null : `${closed}/${isIP(closed) === 6 ? 128 : 32}`;
  return ok({ scheme, host, port, path, cidr, reason: `MCP server ${serverName}`, expires: null });
}

/** Whether a URL is covered for the gateway by the entries in force, with the one that is about to be added counted in. */
export function isCovered(
  url: string,
  entries: readonly EgressEntry[],
  added: EgressEntryInput | undefined,
  nowMs: number,
): boolean {
  const listed = added === undefined ? entries : [...entries, judgedEntry(added)];
  return judgeUrl(url, entriesFor(listed, GATEWAY_IDENTITY), nowMs).ok;
}
