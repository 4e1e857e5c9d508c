// Server-only. The token endpoint.
import { ACCESS_TOKEN_TTL_S, mintAccessToken } from './access-token.ts';
import { audienceOfResource } from './audience.ts';
import { mayUseAudience } from './may-use-audience.ts';
import {
  answerOAuth,
  type ClientRequest,
  type OAuthDeps,
  readClientRequest,
  refuseOAuth,
  refuseTooMany,
} from './oauth-request.ts';
import { renewStaticToken } from './renew-static-token.ts';
import { tableSigner } from './signing-keys.ts';
import { countToken } from './token-pace.ts';

export type { OAuthDeps } from './oauth-request.ts';

const DEFAULT_OPAQUE_TTL_S = 3_600;
const LEAST_OPAQUE_TTL_S = 60;
const MOST_OPAQUE_TTL_S = 86_400;

/**
 * Answers POST /oauth/token: a 15-minute access token for one agent and one resource, or with `token_format=opaque` a
 * static token for clients that hold one fixed header.
 *
 * `resource` is required (RFC 8707): a token without an audience would open every server. Refuses more than one resource,
 * and one that is not this gateway's or that the agent may not use. An agent that asks for many in a minute waits (429).
 */
export async function answerTokenRequest(deps: OAuthDeps, request: Request, address: string): Promise<Response> {
  const client = await readClientRequest(deps, request, address);
  if (!client.ok) return client.error;
  const { agent, keyId, form, now } = client.value;
  if (form.get('grant_type') !== 'client_credentials') {
    return refuseOAuth('unsupported_grant_type', 'Only client_credentials is offered.');
  }
  const resources = form.getAll('resource');
  const [resource] = resources;
  if (resource === undefined || resources.length !== 1)
    return refuseOAuth('invalid_target', 'Name exactly one resource.');
  const audience = audienceOfResource(resource, deps.gatewayUrl);
  if (audience === null || !(await mayUseAudience(deps.prisma, agent, audience))) {
    return refuseOAuth('invalid_target', 'This client may not use that resource.');
  }
  const format = form.get('token_format') ?? 'jwt';
  if (format === 'opaque') return answerOpaque(deps, client.value, audience);
  if (format !== 'jwt') return refuseOAuth('invalid_request', 'token_format is jwt or opaque.');
  const tooSoonS = await countToken(deps.prisma, agent.id);
  if (tooSoonS !== null) return refuseTooMany(tooSoonS);
  const { kid, privateKey } = await tableSigner(deps).at(now);
  const token = await mintAccessToken(
    { agentId: agent.id, clientId: agent.clientId, audience, epoch: agent.tokenEpoch, keyId },
    { kid, privateKey, issuer: deps.gatewayUrl, nowMs: now.getTime() },
  );
  return answerOAuth(200, { access_token: token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_TTL_S });
}

async function answerOpaque(deps: OAuthDeps, client: ClientRequest, audience: string): Promise<Response> {
  const wanted = client.form.get('expires_in') ?? String(DEFAULT_OPAQUE_TTL_S);
  const ttlS = /^[0-9]{1,6}$/.test(wanted) ? Number(wanted) : 0;
  if (ttlS < LEAST_OPAQUE_TTL_S || ttlS > MOST_OPAQUE_TTL_S) {
    return refuseOAuth('invalid_request', 'expires_in is 60 to 86400 seconds.');
  }
  const tooSoonS = await countToken(deps.prisma, client.agent.id);
  if (tooSoonS !== null) return refuseTooMany(tooSoonS);
  const token = await renewStaticToken(deps, client, { audience, ttlS });
  if (token === null) return refuseOAuth('invalid_client', 'Unknown client, or its proof does not hold.');
  return answerOAuth(200, { access_token: token, token_type: 'Bearer', expires_in: ttlS, token_format: 'opaque' });
}
