// Server-only. The text of a signed access token, made and read.
import { type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';

/** What an access token says: which agent, for which path below GATEWAY_URL, until when, and the agent's token epoch. */
export type AccessTokenClaims = {
  readonly agentId: string;
  readonly audience: string;
  readonly expiresAtMs: number;
  readonly issuedAtMs: number;
  readonly epoch: number;
  /** The token's own id: what a revocation names. */
  readonly tokenId: string;
  /** The agent's key it was fetched with; the token ends with it. */
  readonly keyId: string;
  /** The signing key's id. */
  readonly kid: string;
};

export const ACCESS_TOKEN_TTL_S = 900;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TYPE = 'at+jwt';
const ALGORITHM = 'EdDSA';

/** Signs a 15-minute access token (RFC 9068 `at+jwt`, EdDSA); `nowMs` is the issuing moment. */
export function mintAccessToken(
  claims: {
    readonly agentId: string;
    readonly clientId: string;
    readonly audience: string;
    readonly epoch: number;
    readonly keyId: string;
  },
  signer: { readonly kid: string; readonly privateKey: KeyObject; readonly issuer: string; readonly nowMs: number },
): Promise<string> {
  const iat = Math.floor(signer.nowMs / 1000);
  return new SignJWT({ client_id: claims.clientId, epoch: claims.epoch, key: claims.keyId })
    .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: signer.kid })
    .setIssuer(signer.issuer)
    .setSubject(claims.agentId)
    .setAudience(`${signer.issuer}${claims.audience}`)
    .setIssuedAt(iat)
    .setExpirationTime(iat + ACCESS_TOKEN_TTL_S)
    .setJti(randomUUID())
    .sign(signer.privateKey);
}

/**
 * Reads an access token, or null when anything about it is not exactly what we mint.
 *
 * The algorithm is pinned before the signature is looked at: a token that names its own algorithm (`none`, `HS256` over
 * our public key) is an attacker's. Read by hand because it must be synchronous (no library verifies EdDSA that way).
 * Expiry is returned, not judged: the caller asks on every use. A life of more than ours is an attacker's, who holds a
 * signing key and wants to keep what it opens.
 */
export function readAccessToken(
  token: string,
  trust: {
    readonly issuer: string;
    /** Whether the key of that id signed it; false for an id that is not known. */
    readonly verifySignature: (kid: string, signed: string, signature: Uint8Array) => boolean;
  },
): AccessTokenClaims | null {
  const [head, body, signature, ...rest] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) return null;
  const header = decode(head);
  if (header === null) return null;
  const kid = ownValue(header, 'kid');
  if (ownValue(header, 'alg') !== ALGORITHM || ownValue(header, 'typ') !== TYPE || typeof kid !== 'string') return null;
  if (!trust.verifySignature(kid, `${head}.${body}`, Buffer.from(signature, 'base64url'))) return null;
  const payload = decode(body);
  if (payload === null || ownValue(payload, 'iss') !== trust.issuer) return null;
  const sub = ownValue(payload, 'sub');
  const aud = ownValue(payload, 'aud');
  const exp = ownValue(payload, 'exp');
  const epoch = ownValue(payload, 'epoch');
  const iat = ownValue(payload, 'iat');
  const tokenId = ownValue(payload, 'jti');
  const keyId = ownValue(payload, 'key');
  if (typeof sub !== 'string' || typeof aud !== 'string' || typeof epoch !== 'number') return null;
  if (typeof exp !== 'number' || typeof iat !== 'number' || exp - iat > ACCESS_TOKEN_TTL_S) return null;
  if (typeof tokenId !== 'string' || !UUID.test(tokenId) || typeof keyId !== 'string') return null;
  if (!aud.startsWith(`${trust.issuer}/`)) return null;
  const audience = aud.slice(trust.issuer.length);
  return { agentId: sub, audience, expiresAtMs: exp * 1000, issuedAtMs: iat * 1000, epoch, tokenId, keyId, kid };
}

function decode(part: string): JsonObject | null {
  try {
    const value: JsonValue = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
