import { timingSafeEqual } from 'node:crypto';
import type { Database } from '../db/prisma.ts';
import type { Agent } from '../generated/prisma/client.ts';
import { hashSecret } from './secrets.ts';

export type ClientCredentials = { readonly clientId: string; readonly clientSecret: string };

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
    if (!/^[\x21-\x7e]+$/.test(clientId)) return null;
    return { clientId, clientSecret: decodeURIComponent(text.slice(colon + 1)) };
  } catch {
    return null;
  }
}

/** The active agent whose secret this is, or null; an unknown client takes as long as a wrong secret. */
export async function authenticateClient(prisma: Database, credentials: ClientCredentials): Promise<Agent | null> {
  const agent = await prisma.agent.findUnique({ where: { clientId: credentials.clientId } });
  const given = Buffer.from(hashSecret(credentials.clientSecret), 'hex');
  const stored = Buffer.from(agent?.clientSecretHash ?? NOBODY, 'hex');
  const same = given.length === stored.length && timingSafeEqual(given, stored);
  return same && agent !== null && agent.status === 'active' ? agent : null;
}
