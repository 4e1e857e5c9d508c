// Server-only. An opened version of a credential: what headers, variables and tokens are made of.
import { z } from 'zod';
import { type CredentialConfig, credentialConfigSchema } from '#lib/contracts/credentials.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { openSecret, type SecretPlace } from './vault.ts';

/** The secret in clear. Lives in memory only, and only as long as it is asked for. */
export type Material = {
  readonly credentialId: string;
  readonly version: number;
  readonly config: CredentialConfig;
  readonly secret: string;
};

export type MaterialDeps = { readonly prisma: Database | Tx; readonly keys: Pick<Keys, 'wrapper'> };

export type MaterialQuery = {
  readonly credentialId: string;
  readonly version: number;
  readonly server: { readonly id: string; readonly configHash: string };
};

/**
 * Opens one version for the server that is about to be called.
 *
 * The place it opens for is built from that server, not from the credential's row: whoever points the row elsewhere in the
 * database gets nothing. Refuses retired versions, those whose overlap is over, and a server that is no longer what the
 * secret was given for.
 */
export async function openMaterial(deps: MaterialDeps, query: MaterialQuery): Promise<Result<Material, string>> {
  const { prisma, keys } = deps;
  const { credentialId, version, server } = query;
  const [row] = await prisma.$queryRaw<
    { secret_id: string; sealed: Uint8Array; config: unknown; config_hash: string; server_id: string; over: boolean }[]
  >`SELECT s.id AS secret_id, s.sealed, c.config, c.config_hash, c.server_id::text AS server_id,
      c.retired_at IS NOT NULL OR (s.not_after IS NOT NULL AND s.not_after <= clock_timestamp()) AS over
    FROM credential_secrets s JOIN credentials c ON c.id = s.credential_id
    WHERE c.id = ${credentialId}::uuid AND s.version = ${version} AND s.sealed IS NOT NULL`;
  if (row === undefined || row.over) return err('This version is no longer in use.');
  if (row.server_id !== server.id || row.config_hash !== server.configHash) {
    return err('The server’s address or command has changed: an admin must confirm the credential for it.');
  }
  const wrap = await prisma.credentialWrap.findUnique({
    where: { secretId_keyId: { secretId: row.secret_id, keyId: keys.wrapper.id } },
  });
  if (wrap === null) return err('It is not wrapped with this master key: run "countersign credentials rewrap".');
  const place: SecretPlace = {
    secretId: row.secret_id,
    credentialId,
    version,
    serverId: server.id,
    configHash: server.configHash,
  };
  const config = credentialConfigSchema.safeParse(row.config);
  if (!config.success) return err('Its configuration cannot be read.');
  try {
    const secret = await openSecret(keys.wrapper, place, { sealed: row.sealed, wrapped: wrap.wrapped });
    return ok({ credentialId, version, config: config.data, secret });
  } catch {
    // The cause could only tell what kind of damage it is; nothing of a secret may be in an error.
    return err('It does not open: the stored secret was changed or moved.');
  }
}

const keySchema = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
const oauthSecretSchema = z.strictObject({ clientSecret: z.string().optional(), key: keySchema.optional() });
export type PrivateKeyJwk = z.infer<typeof keySchema>;
export type OAuthSecret = z.infer<typeof oauthSecretSchema>;

/** What an OAuth credential keeps: the client's secret, our private key, or both. */
export function readOAuthSecret(secret: string): OAuthSecret {
  try {
    return oauthSecretSchema.parse(JSON.parse(secret));
  } catch {
    // The parser's message would quote the secret, and somebody logs it.
    throw new Error('An OAuth secret is not stored in its form.');
  }
}

/** The same as it is stored. */
export function writeOAuthSecret(secret: OAuthSecret): string {
  return JSON.stringify(secret);
}
