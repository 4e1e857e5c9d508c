import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import type { EgressEntry } from '#lib/core/egress/judge-url.ts';

/** What makes an entry the entry it is: whose it is, where it leads and how the other side is recognised. */
export function placeOf(entry: EgressEntryInput) {
  return {
    identity: entry.identity ?? GATEWAY_IDENTITY,
    scheme: entry.scheme,
    host: entry.host,
    port: entry.port,
    pathPrefix: entry.path,
    cidr: entry.cidr,
    tlsPin: entry.tlsPin ?? null,
    clientCertificateId: entry.clientCertificate ?? null,
  };
}

/** An entry that is not stored yet, as the judge reads it. */
export function judgedEntry(entry: EgressEntryInput): EgressEntry {
  return { ...placeOf(entry), expiresAt: entry.expires === null ? null : Date.parse(entry.expires) };
}
