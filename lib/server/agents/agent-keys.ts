// Server-only. The rows an agent proves itself with.
import { randomUUIDv7 } from 'node:crypto';
import type { AgentJwk } from '#lib/core/identity/public-jwk.ts';
import type { Tx } from '../db/tx.ts';
import type { AgentKey } from '../generated/prisma/client.ts';
import { hashSecret, newClientSecret } from './secrets.ts';

/** How many keys of an agent may be good at once: a rotation in the middle of another one, and room for two machines. */
export const MOST_LIVE_KEYS = 8;

const PREFIX_CHARS = 9;

/** The keys of an agent that are good at a moment: not revoked, and their overlap not over. Newest first. */
export function liveKeys(tx: Tx, agentId: string, now: Date): Promise<AgentKey[]> {
  return tx.agentKey.findMany({
    where: { agentId, revokedAt: null, OR: [{ notAfter: null }, { notAfter: { gt: now } }] },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
}

/** Makes a secret for an agent; it exists in this answer and nowhere else. */
export async function addSecret(
  tx: Tx,
  agentId: string,
  createdBy: string,
): Promise<{ readonly keyId: string; readonly clientSecret: string }> {
  const clientSecret = newClientSecret();
  const prefix = clientSecret.slice(0, PREFIX_CHARS);
  const id = randomUUIDv7();
  await tx.agentKey.create({
    data: { id, agentId, kind: 'secret', secretHash: hashSecret(clientSecret), prefix, createdBy },
  });
  return { keyId: id, clientSecret };
}

/** Stores an agent's public key, as `readAgentJwk` read it. */
export async function addJwk(tx: Tx, agentId: string, key: AgentJwk, createdBy: string): Promise<string> {
  const id = randomUUIDv7();
  const { jwk, alg, thumbprint } = key;
  await tx.agentKey.create({
    data: {
      id,
      agentId,
      kind: 'jwk',
      jwk: { ...jwk, alg },
      thumbprint,
      prefix: thumbprint.slice(0, PREFIX_CHARS),
      createdBy,
    },
  });
  return id;
}
