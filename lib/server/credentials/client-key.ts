// Server-only. Our own keys at other people's authorisation servers: made here, never shown, their public half is.
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, SignJWT } from 'jose';
import type { PrivateKeyJwk } from './material.ts';

const ALGORITHM = 'ES256';
const LIVES_S = 60;

/** A new P-256 key; ES256 is what authorisation servers take most widely beside RSA. */
export function newClientKey(): PrivateKeyJwk {
  const { kty, crv, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined || d === undefined) {
    throw new Error('A P-256 key came out in another form.');
  }
  return { kty, crv, x, y, d };
}

/** What must be registered at the authorisation server. */
export async function publicJwkOf(key: PrivateKeyJwk): Promise<Readonly<Record<string, string>>> {
  const { kty, crv, x, y } = key;
  return { kty, crv, x, y, kid: await calculateJwkThumbprint({ kty, crv, x, y }), alg: ALGORITHM, use: 'sig' };
}

/**
 * A signed assertion of a minute (RFC 7523): to authenticate the client, or as the subject of an exchange. Names the client
 * only, never a person. `jti` makes each good for one use.
 */
export async function signAssertion(
  key: PrivateKeyJwk,
  about: { readonly clientId: string; readonly audience: string; readonly nowMs: number; readonly jti: string },
): Promise<string> {
  const { kid } = await publicJwkOf(key);
  const issuedAt = Math.floor(about.nowMs / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: kid ?? '' })
    .setIssuer(about.clientId)
    .setSubject(about.clientId)
    .setAudience(about.audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIVES_S)
    .setJti(about.jti)
    .sign(await importJWK(key, ALGORITHM));
}
