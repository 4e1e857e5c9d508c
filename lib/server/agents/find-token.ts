// Server-only. A token that a client shows to introspect or to revoke, looked up in the tables: never by a snapshot.
import { verify } from 'node:crypto';
import { isBelieved } from '#lib/core/identity/signing-schedule.ts';
import { publicSigningKey } from '../keys/token-signing.ts';
import { readAccessToken } from './access-token.ts';
import type { OAuthDeps } from './oauth-request.ts';
import { hashSecret } from './secrets.ts';
import { readSigningKeys } from './signing-keys.ts';

/** A token of an agent, as it stands now. */
export type FoundToken = {
  readonly kind: 'signed' | 'static';
  /** The jti of a signed token, the row's id of a static one. */
  readonly id: string;
  readonly agentId: string;
  readonly audience: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly keyId: string | null;
  /** Of a signed token; null for a static one. */
  readonly epoch: number | null;
  readonly isRevoked: boolean;
};

const MAX_TOKEN = 4096;

/** Finds what a token is, or null: not ours, not readable, or signed by a key that is not believed (any more). */
export async function findToken(
  deps: Pick<OAuthDeps, 'prisma' | 'keys' | 'gatewayUrl'>,
  token: string,
  now: Date,
): Promise<FoundToken | null> {
  if (token.length > MAX_TOKEN) return null;
  if (token.startsWith('cs_')) return findStatic(deps, token);
  const { prisma, keys, gatewayUrl } = deps;
  const listed = (await readSigningKeys(prisma, now)).filter((key) => isBelieved(key, now.getTime()));
  const publicKeys = new Map(listed.map((key) => [key.kid, publicSigningKey(key).publicKey]));
  if (publicKeys.size === 0) publicKeys.set(keys.tokenSigning.kid, keys.tokenSigning.publicKey);
  const read = readAccessToken(token, {
    issuer: gatewayUrl,
    verifySignature: (kid, signed, signature) => {
      const key = publicKeys.get(kid);
      return key !== undefined && verify(null, Buffer.from(signed), key, signature);
    },
  });
  if (read === null) return null;
  const { tokenId, agentId, audience, issuedAtMs, expiresAtMs, keyId, epoch } = read;
  const revoked = await prisma.revokedAccessToken.findUnique({ where: { jti: tokenId } });
  const isRevoked = revoked !== null;
  return { kind: 'signed', id: tokenId, agentId, audience, issuedAtMs, expiresAtMs, keyId, epoch, isRevoked };
}

async function findStatic({ prisma }: Pick<OAuthDeps, 'prisma'>, token: string): Promise<FoundToken | null> {
  const row = await prisma.agentToken.findUnique({ where: { tokenHash: hashSecret(token) } });
  if (row === null) return null;
  return {
    kind: 'static',
    id: row.id,
    agentId: row.agentId,
    audience: row.audience,
    issuedAtMs: row.createdAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
    keyId: row.keyId,
    epoch: null,
    isRevoked: row.revokedAt !== null,
  };
}
