// Server-only.
import { liveKeys } from './agent-keys.ts';
import { type FoundToken, findToken } from './find-token.ts';
import { answerOAuth, type ClientRequest, type OAuthDeps, readClientRequest, refuseOAuth } from './oauth-request.ts';

const INACTIVE = { active: false };

/**
 * Answers POST /oauth/introspect (RFC 7662): whether a token is good at this moment, from the tables.
 *
 * A client learns about its own tokens only; anybody else's, an unknown and an ended one all answer `{active: false}`, so
 * that whoever found a token cannot find out here what it opens (section 4).
 */
export async function answerIntrospection(deps: OAuthDeps, request: Request, address: string): Promise<Response> {
  const client = await readClientRequest(deps, request, address);
  if (!client.ok) return client.error;
  const token = client.value.form.get('token');
  if (token === null || token === '') return refuseOAuth('invalid_request', 'Send the token to ask about.');
  const found = await findToken(deps, token, client.value.now);
  if (found === null || !(await isActive(deps, client.value, found))) return answerOAuth(200, INACTIVE);
  const { agent } = client.value;
  return answerOAuth(200, {
    active: true,
    client_id: agent.clientId,
    sub: agent.id,
    username: agent.name,
    token_type: 'Bearer',
    token_format: found.kind === 'signed' ? 'jwt' : 'opaque',
    iss: deps.gatewayUrl,
    aud: `${deps.gatewayUrl}${found.audience}`,
    jti: found.id,
    iat: Math.floor(found.issuedAtMs / 1000),
    exp: Math.floor(found.expiresAtMs / 1000),
  });
}

async function isActive(deps: OAuthDeps, client: ClientRequest, token: FoundToken): Promise<boolean> {
  const { agent, now } = client;
  if (token.agentId !== agent.id || token.isRevoked || token.expiresAtMs <= now.getTime()) return false;
  if (token.epoch !== null && token.epoch !== agent.tokenEpoch) return false;
  if (token.keyId === null) return true;
  const live = await liveKeys(deps.prisma, agent.id, now);
  return live.some((key) => key.id === token.keyId);
}
