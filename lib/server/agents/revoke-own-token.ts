// Server-only.
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { withTx } from '../db/tx.ts';
import { findToken } from './find-token.ts';
import { type OAuthDeps, readClientRequest, refuseOAuth } from './oauth-request.ts';

/**
 * Answers POST /oauth/revoke (RFC 7009): a client ends a token of its own, in every gateway.
 *
 * Unknown tokens, other clients' tokens and those that have ended answer the same 200 (section 2.2), and end nothing. A
 * gateway knows within a second by NOTIFY or by the lease, and one that does not know denies.
 */
export async function answerRevocation(deps: OAuthDeps, request: Request, address: string): Promise<Response> {
  const client = await readClientRequest(deps, request, address);
  if (!client.ok) return client.error;
  const { agent, form, now } = client.value;
  const token = form.get('token');
  if (token === null || token === '') return refuseOAuth('invalid_request', 'Send the token to revoke.');
  const found = await findToken(deps, token, now);
  if (found === null || found.agentId !== agent.id || found.isRevoked || found.expiresAtMs <= now.getTime())
    return done();
  await withTx(deps.prisma, async (tx) => {
    const { id, audience } = found;
    const changed =
      found.kind === 'static'
        ? (await tx.agentToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } })).count
        : await tx.$executeRaw`
            INSERT INTO revoked_access_tokens (jti, agent_id, expires_at)
            VALUES (${id}::uuid, ${agent.id}::uuid, ${new Date(found.expiresAtMs)}) ON CONFLICT (jti) DO NOTHING`;
    if (changed === 0) return;
    await recordEvent(tx, deps.keys, {
      type: 'agent.token-revoked',
      actor: { type: 'agent', id: agent.id, name: agent.name },
      agent: agent.name,
      detail: { tokenId: id, audience },
    });
    await bumpConfig(tx, 'agents', agent.id);
  });
  return done();
}

function done(): Response {
  return new Response(null, { status: 200, headers: { 'cache-control': 'no-store', pragma: 'no-cache' } });
}
