// Server-only. Where a client certificate may be shown.
import type { EgressEntryInput } from '#lib/contracts/egress-input.ts';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { normaliseHost, readUrl } from '#lib/core/egress/read-url.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import type { CertificateUse } from '../egress/connector.ts';
import { findCredential } from './find-credential.ts';

/** Whether a destination is the address of a server; never for one without an address. */
export function isAddressOf(url: string | null, { host, port }: CertificateUse): boolean {
  const own = url === null ? null : readUrl(url);
  return own?.ok === true && own.value.scheme === 'https' && own.value.host === host && own.value.port === port;
}

/**
 * Whether an allowlist entry may show the certificate that it names. Refuses what is no live certificate, another host or
 * port than that of its own server, and every identity but the gateway: an agent's tunnel ends in the agent.
 */
export async function checkCertificateUse(tx: Tx, entry: EgressEntryInput): Promise<Result<true, ConfigRefusal>> {
  const id = entry.clientCertificate ?? null;
  if (id === null) return ok(true);
  if ((entry.identity ?? GATEWAY_IDENTITY) !== GATEWAY_IDENTITY) {
    return refuse('invalid-request', 'Only the gateway shows a certificate of ours.');
  }
  const found = await findCredential(tx, id);
  if (found === null || found.retiredAt !== null || found.kind !== 'client-certificate') {
    return refuse('invalid-request', 'There is no such client certificate.');
  }
  if (!isAddressOf(found.server.url, { host: normaliseHost(entry.host), port: entry.port })) {
    return refuse('invalid-request', `${found.name} is for ${found.server.name} alone, and this is not its address.`);
  }
  return ok(true);
}

/** The id behind the name or id of a credential, for files and command lines; null when there is none. */
export async function certificateId(tx: Tx, idOrName: string): Promise<string | null> {
  return (await findCredential(tx, idOrName))?.id ?? null;
}
