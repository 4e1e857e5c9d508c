import { isIP } from 'node:net';
import type { EgressEntryInput } from '#lib/contracts/servers.ts';
import { judgeAddress } from '#lib/core/egress/judge-address.ts';
import { judgeResolved, judgeUrl } from '#lib/core/egress/judge-url.ts';
import { normaliseHost } from '#lib/core/egress/read-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

const HOST = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
const CIDR = /^[0-9a-fA-F.:]+\/(\d{1,3})$/;
const NARROWEST_V4 = 8;
const NARROWEST_V6 = 32;

/**
 * Checks an allowlist entry and normalises its host, or says in a sentence why it cannot work.
 *
 * Refuses what could open more than it seems: a wildcard over a whole domain ending, a range as wide as a continent, an
 * entry for a private address without a range, a range that does not contain the address, an end date that is past.
 */
export function checkEntry(input: EgressEntryInput, nowMs: number): Result<EgressEntryInput, string> {
  const host = normaliseHost(input.host);
  const family = isIP(host);
  if (family === 0 && !HOST.test(host)) return err('The host is neither a name nor an IP address.');
  if (input.cidr !== null) {
    const bits = Number(CIDR.exec(input.cidr)?.[1] ?? Number.NaN);
    const isV6 = input.cidr.includes(':');
    const tooWide = bits < (isV6 ? NARROWEST_V6 : NARROWEST_V4);
    if (Number.isNaN(bits) || bits > (isV6 ? 128 : 32) || tooWide) return err('The range is not a usable CIDR.');
  }
  if (family !== 0) {
    const verdict = judgeResolved([host], { cidr: input.cidr });
    if (!verdict.ok) {
      const isPrivate = input.cidr === null && !judgeAddress(host).public;
      return err(isPrivate ? 'A private or loopback address needs a range (cidr).' : verdict.error.reason);
    }
  }
  if (input.expires !== null && Date.parse(input.expires) <= nowMs) return err('The entry would be over already.');
  const entry = { ...input, host };
  const probe = host.startsWith('*.') ? host.replace('*', 'a') : host;
  const url = `${input.scheme}://${family === 6 ? `[${probe}]` : probe}:${input.port}${input.path}`;
  if (!judgeUrl(url, [{ ...entry, pathPrefix: input.path, expiresAt: null }], nowMs).ok) {
    return err('The entry covers nothing: check host and path.');
  }
  return ok(entry);
}
