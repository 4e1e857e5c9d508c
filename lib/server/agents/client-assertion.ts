// Server-only. private_key_jwt: an agent signs a statement with its own key instead of sending a secret (RFC 7523).
import { decodeJwt, decodeProtectedHeader, importJWK, jwtVerify } from 'jose';
import { readAgentJwk } from '#lib/core/identity/public-jwk.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import type { Database } from '../db/prisma.ts';
import type { AgentKey } from '../generated/prisma/client.ts';
import { liveKeys } from './agent-keys.ts';
import { isClientId, type ProvedAgent } from './client-credentials.ts';
import { hashSecret } from './secrets.ts';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const MAX_ASSERTION = 6_000;
const MOST_LIFE_S = 300;
const CLOCK_TOLERANCE_S = 30;

/** The client an assertion says it is of, before anything is believed: for counting attempts. */
export function clientOfAssertion(assertion: string): string | null {
  if (assertion.length > MAX_ASSERTION) return null;
  try {
    const { sub } = decodeJwt(assertion);
    return typeof sub === 'string' && isClientId(sub) ? sub : null;
  } catch {
    return null;
  }
}

/**
 * The active agent that signed an assertion, or null when anything about it is not exactly right.
 *
 * The algorithm follows from the registered key, never from the assertion: `none`, and HS256 over a public key, are an
 * attacker's. One audience and no more, the issuer or the token endpoint: an assertion made for another authorization
 * server must not be good here. It lives five minutes at most and is taken once; the database remembers it until then.
 */
export async function authenticateAssertion(
  prisma: Database,
  assertion: string,
  expected: { readonly issuer: string; readonly now: Date },
): Promise<ProvedAgent | null> {
  const clientId = clientOfAssertion(assertion);
  if (clientId === null) return null;
  const agent = await prisma.agent.findUnique({ where: { clientId } });
  if (agent === null || agent.status !== 'active') return null;
  for (const key of keysFor(assertion, await liveKeys(prisma, agent.id, expected.now))) {
    const proof = await verifyWith(key, assertion, { clientId, ...expected });
    if (proof === null) continue;
    return (await isFirstUse(prisma, agent.id, proof)) ? { agent, keyId: key.id } : null;
  }
  return null;
}

/** The keys that may have signed it: the one that its header names by thumbprint or by our id, or all where it names none. */
function keysFor(assertion: string, keys: readonly AgentKey[]): readonly AgentKey[] {
  const own = keys.filter((key) => key.kind === 'jwk');
  try {
    const { kid } = decodeProtectedHeader(assertion);
    const named = own.filter((key) => key.thumbprint === kid || key.id === kid);
    // A kid of the agent's own making tells us nothing: then the signature alone says which key it is.
    return named.length > 0 ? named : own;
  } catch {
    return [];
  }
}

type Proof = { readonly jti: string; readonly expiresAt: Date };

async function verifyWith(
  key: AgentKey,
  assertion: string,
  expected: { readonly clientId: string; readonly issuer: string; readonly now: Date },
): Promise<Proof | null> {
  // Parse boundary: a JSONB column is JSON, whatever its static type.
  const read = readAgentJwk(key.jwk as JsonValue);
  if (!read.ok) return null;
  const { jwk, alg } = read.value;
  const algorithms = alg === 'RS256' ? ['RS256', 'PS256'] : alg === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [alg];
  const { clientId, issuer, now } = expected;
  try {
    const used = decodeProtectedHeader(assertion).alg;
    if (used === undefined || !algorithms.includes(used)) return null;
    const { payload } = await jwtVerify(assertion, await importJWK({ ...jwk }, used), {
      algorithms,
      issuer: clientId,
      subject: clientId,
      audience: [issuer, `${issuer}/oauth/token`],
      requiredClaims: ['exp', 'jti'],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: now,
    });
    const { aud, exp, iat, jti } = payload;
    if (exp === undefined || typeof jti !== 'string' || jti === '' || jti.length > 256) return null;
    if (typeof aud !== 'string' && aud?.length !== 1) return null;
    const nowS = now.getTime() / 1000;
    if (exp - nowS > MOST_LIFE_S + CLOCK_TOLERANCE_S || (iat !== undefined && exp - iat > MOST_LIFE_S)) return null;
    return { jti, expiresAt: new Date((exp + CLOCK_TOLERANCE_S) * 1000) };
  } catch {
    return null;
  }
}

/** Two gateways may be shown the same assertion at once; the row's key lets one of them have it. */
async function isFirstUse(prisma: Database, agentId: string, proof: Proof): Promise<boolean> {
  const taken = await prisma.$executeRaw`
    INSERT INTO used_assertions (agent_id, jti_hash, expires_at)
    VALUES (${agentId}::uuid, ${hashSecret(proof.jti)}, ${proof.expiresAt})
    ON CONFLICT (agent_id, jti_hash) DO NOTHING`;
  return taken === 1;
}
