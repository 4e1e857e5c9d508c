// Server-only. Static tokens that an agent fetches by itself: each renewal ends the ones before it, a little later.
import { randomUUIDv7 } from 'node:crypto';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { withTx } from '../db/tx.ts';
import type { ProvedAgent } from './client-credentials.ts';
import { lockAgent } from './find-agent.ts';
import type { OAuthDeps } from './oauth-request.ts';
import { hashSecret, newStaticToken } from './secrets.ts';

/** How long a renewed token goes on beside its successor: requests under way, and a client that reads its file late. */
const OVERLAP_MS = 5 * 60_000;

/** How many renewed tokens of one key may be good at once for an audience: each costs every gateway a row. */
const MOST_LIVE = 3;

/**
 * Makes a static token for an agent that has just proved itself, and lets its earlier ones for the same audience end five
 * minutes from now, beyond the newest ones at once; those that an admin issued are left alone. Null when the agent or the key ended meanwhile.
 */
export function renewStaticToken(
  deps: Pick<OAuthDeps, 'prisma' | 'keys'>,
  proved: ProvedAgent & { readonly now: Date },
  wanted: { readonly audience: string; readonly ttlS: number },
): Promise<string | null> {
  const { now, keyId } = proved;
  return withTx(deps.prisma, async (tx) => {
    const agent = await lockAgent(tx, proved.agent.id);
    const key = await tx.agentKey.findUnique({ where: { id: keyId } });
    if (agent === null || agent.status !== 'active' || key === null || key.revokedAt !== null) return null;
    const { audience } = wanted;
    const soon = new Date(now.getTime() + OVERLAP_MS);
    await tx.agentToken.updateMany({
      where: { agentId: agent.id, audience, keyId: { not: null }, revokedAt: null, expiresAt: { gt: soon } },
      data: { expiresAt: soon },
    });
    const live = await tx.agentToken.findMany({
      where: { agentId: agent.id, audience, keyId, revokedAt: null, expiresAt: { gt: now } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      skip: MOST_LIVE - 1,
      select: { id: true },
    });
    await tx.agentToken.updateMany({ where: { id: { in: live.map((row) => row.id) } }, data: { revokedAt: now } });
    const id = randomUUIDv7();
    const { token, prefix } = newStaticToken();
    const expiresAt = new Date(now.getTime() + wanted.ttlS * 1000);
    await tx.agentToken.create({
      data: { id, agentId: agent.id, audience, tokenHash: hashSecret(token), prefix, expiresAt, keyId },
    });
    await recordEvent(tx, deps.keys, {
      type: 'agent.token-issued',
      actor: { type: 'agent', id: agent.id, name: agent.name },
      agent: agent.name,
      detail: { tokenId: id, audience, expiresAt: expiresAt.toISOString(), keyId },
    });
    await bumpConfig(tx, 'agents', agent.id);
    return token;
  });
}
