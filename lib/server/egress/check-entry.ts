import { isIP } from 'node:net';
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { isHopelessCidr, isMetadataName, judgeAddress } from '#lib/core/egress/judge-address.ts';
import { judgeResolved, judgeUrl } from '#lib/core/egress/judge-url.ts';
import { normaliseHost } from '#lib/core/egress/read-url.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

const HOST = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
const CIDR = /^[0-9a-fA-F.:]+\/(\d{1,3})$/;
/**
 * Endings under which anybody can have a name for the asking: a wildcard below one of them is open to every attacker.
 * Not the whole public suffix list: it keeps people from the usual mistakes.
 */
const OPEN_TO_ALL =
  /^\*\.(?:(?:co|com|org|net|gov|edu|ac|or|ne|go)\.[a-z]{2}|github\.io|gitlab\.io|pages\.dev|workers\.dev|vercel\.app|netlify\.app|herokuapp\.com|azurewebsites\.net|cloudapp\.net|web\.app|firebaseapp\.com|appspot\.com|run\.app|fly\.dev|onrender\.com|ngrok\.io|ngrok\.app|ngrok-free\.app|trycloudflare\.com|amazonaws\.com|s3\.amazonaws\.com|cloudfront\.net|blob\.core\.windows\.net|nip\.io|sslip\.io)$/;
const NARROWEST_V4 = 8;
const NARROWEST_V6 = 32;

/**
 * Checks an allowlist entry and normalises its host, or says in a sentence why it cannot work.
 *
 * Refuses what could open more than it seems: a wildcard over a domain ending or a shared hosting domain, a range as wide as a continent, an
 * entry for a private address without a range, a range that does not contain the address or that nothing can open, a
 * metadata service, a pin or certificate without TLS or for connections that the gateway only passes on (it could keep
 * neither inside somebody else's TLS), an end date that is past.
 */
export function checkEntry(input: EgressEntryInput, nowMs: number): Result<EgressEntryInput, string> {
  const host = normaliseHost(input.host);
  const family = isIP(host);
  if (family === 0 && !HOST.test(host)) return err('The host is neither a name nor an IP address.');
  if (OPEN_TO_ALL.test(host)) return err('Anybody can have a name under this ending: name the hosts.');
  if (isMetadataName(host)) return err('A cloud metadata service is never opened.');
  if (input.scheme === 'http' && ((input.tlsPin ?? null) !== null || (input.clientCertificate ?? null) !== null)) {
    return err('A pin or a client certificate needs https.');
  }
  const isGateway = (input.identity ?? GATEWAY_IDENTITY) === GATEWAY_IDENTITY;
  if (!isGateway && ((input.tlsPin ?? null) !== null || (input.clientCertificate ?? null) !== null)) {
    return err('A pin or a client certificate works for the gateway only: agents and servers do TLS themselves.');
  }
  if (input.cidr !== null) {
    const bits = Number(CIDR.exec(input.cidr)?.[1] ?? Number.NaN);
    const isV6 = input.cidr.includes(':');
    const tooWide = bits < (isV6 ? NARROWEST_V6 : NARROWEST_V4);
    if (Number.isNaN(bits) || bits > (isV6 ? 128 : 32) || tooWide) return err('The range is not a usable CIDR.');
    if (isHopelessCidr(input.cidr)) return err('No entry opens this range.');
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
