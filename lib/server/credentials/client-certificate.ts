// Server-only. Our certificate for one server: shown on connections to that server's own address, and to nobody else.
import type { Database } from '../db/prisma.ts';
import type { CertificateOf } from '../egress/connector.ts';
import type { Keys } from '../keys/load-keys.ts';
import { isAddressOf } from './certificate-use.ts';
import { openMaterial } from './material.ts';

export type CertificateDeps = { readonly prisma: Database; readonly keys: Pick<Keys, 'wrapper'> };

/** The version that a test call shows, in use or not yet, on the connections of that call alone. */
export type CertificateTrial = { readonly credentialId: string; readonly version: number };

/**
 * How the connector gets the certificate that an allowlist entry names. Asked at every new connection, so that one that was
 * retired, has ended by the database's clock, or was given for what the server no longer is, is shown to nobody from then
 * on. The destination must be the server's own host and port, whatever the entry says: the key opens for that server only.
 */
export function createClientCertificates(
  { prisma, keys }: CertificateDeps,
  trial: CertificateTrial | null = null,
): CertificateOf {
  return async (credentialId, to) => {
    const next = trial?.credentialId === credentialId ? trial.version : null;
    const [row] = await prisma.$queryRaw<
      { version: number; certificate: string | null; server_id: string; config_hash: string; url: string | null }[]
    >`SELECT s.version, s.certificate, v.id::text AS server_id, v.config_hash, v.url
      FROM credentials c
      JOIN servers v ON v.id = c.server_id
      JOIN credential_secrets s ON s.credential_id = c.id
        AND ((${next}::int IS NULL AND s.state = 'current') OR (s.version = ${next}::int AND s.state IN ('next', 'current')))
      WHERE c.id = ${credentialId}::uuid AND c.kind = 'client-certificate' AND c.retired_at IS NULL
        AND c.ends_at > clock_timestamp()`;
    if (row === undefined || !isAddressOf(row.url, to)) return null;
    const server = { id: row.server_id, configHash: row.config_hash };
    const opened = await openMaterial({ prisma, keys }, { credentialId, version: row.version, server });
    if (!opened.ok || opened.value.config.kind !== 'client-certificate') return null;
    await prisma.$executeRaw`UPDATE credentials SET last_used_at = clock_timestamp() WHERE id = ${credentialId}::uuid`;
    return { cert: row.certificate ?? opened.value.config.certificate, key: opened.value.secret };
  };
}
