// Server-only. A client that proves itself with its secret.
import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/prisma.ts';
import type { Agent } from '../generated/prisma/client.ts';
import { liveKeys } from './agent-keys.ts';
import { hashSecret } from './secrets.ts';

export type ClientCredentials = { readonly clientId: string; readonly clientSecret: string };

/** An active agent, and which of its keys it has just proved itself with. */
export type ProvedAgent = { readonly agent: Agent; readonly keyId: string };

const MAX_HEADER = 1024;
const NOBODY = hashSecret('nobody has this secret');

/**
 * Reads `Authorization: Basic` as RFC 6749 section 2.3.1 writes it (both parts form-encoded), or null.
 * Credentials in the body or in the URL are not read: they end up in logs.
 */
export function readBasic(authorization: string | null): ClientCredentials | null {
  if (authorization === null || authorization.length > MAX_HEADER) return null;
  const match = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization);
  if (match?.[1] === undefined) return null;
  const text = Buffer.from(match[1], 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon <= 0) return null;
  try {
    const clientId = decodeURIComponent(text.slice(0, colon));
    // Ours are plain ASCII. The id becomes a key in the database, which cannot hold U+0000.
    if (!isClientId(clientId)) return null;
    return { clientId, clientSecret: decodeURIComponent(text.slice(colon + 1)) };
  } catch {
    return null;
  }
}

/** Whether a text can be a client id at all. */
export function isClientId(text: string): boolean {
  return text.length <= 200 && /^[\x21-\x7e]+$/.test(text);
}

/** The active agent whose secret this is, or null; an unknown client takes as long as a wrong secret. */
export async function authenticateClient(
  prisma: Database,
  credentials: ClientCredentials,
  now: Date,
): Promise<ProvedAgent | null> {
  const agent = await prisma.agent.findUnique({ where: { clientId: credentials.clientId } });
  const keys = await liveKeys(prisma, agent?.id ?? NO_ID, now);
  const given = Buffer.from(hashSecret(credentials.clientSecret), 'hex');
  let keyId: string | null = null;
  for (const { id, secretHash } of [...keys, { id: NO_ID, secretHash: NOBODY }]) {
    if (secretHash === null) continue;
    const same = timingSafeEqual(given, Buffer.from(secretHash, 'hex'));
    if (same && id !== NO_ID) keyId = id;
  }
  return keyId !== null && agent !== null && agent.status === 'active' ? { agent, keyId } : null;
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
