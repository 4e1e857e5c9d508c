import { countAttempt, forgiveAttempt } from '../auth/count-attempts.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { ACCESS_TOKEN_TTL_S, mintAccessToken } from './access-token.ts';
import { audienceOfResource } from './audience.ts';
import { authenticateClient, readBasic } from './client-credentials.ts';
import { mayUseAudience } from './may-use-audience.ts';

export type OAuthDeps = {
  readonly prisma: Database;
  readonly keys: Pick<Keys, 'tokenSigning'>;
  readonly gatewayUrl: string;
};

/** The error codes of RFC 6749 section 5.2 and RFC 8707 section 2 that we answer. */
type OAuthError = 'invalid_request' | 'invalid_client' | 'invalid_target' | 'unsupported_grant_type' | 'slow_down';

const MAX_BODY_BYTES = 8192;
const LIMIT_PER_CLIENT = 30;
const LIMIT_PER_ADDRESS = 120;

/**
 * Answers POST /oauth/token: a 15-minute access token for one agent and one resource.
 *
 * `resource` is required (RFC 8707): a token without an audience would open every server. Refuses credentials anywhere
 * but in the Basic header, more than one resource, a resource that is not this gateway's or that the agent may not use.
 * Failed attempts are counted per address, and more tightly per client *and* address: a client id is no secret, so whoever
 * knows one must not be able to keep its agent from getting tokens. `address` is the peer as the server saw it, never a header.
 */
export async function answerTokenRequest(deps: OAuthDeps, request: Request, address: string): Promise<Response> {
  const form = await readForm(request);
  if (form === null) return refuse('invalid_request', 'Send application/x-www-form-urlencoded.');
  const credentials = readBasic(request.headers.get('authorization'));
  if (credentials === null) return refuse('invalid_client', 'Use client_secret_basic.');
  const limits = [
    { key: `oauth:client:${credentials.clientId.slice(0, 100)}:${address}`, limit: LIMIT_PER_CLIENT },
    { key: `oauth:address:${address}`, limit: LIMIT_PER_ADDRESS },
  ];
  if (!(await countAttempt(deps.prisma, limits))) return refuse('slow_down', 'Too many attempts. Wait a few minutes.');
  const agent = await authenticateClient(deps.prisma, credentials);
  if (agent === null) return refuse('invalid_client', 'Unknown client or wrong secret.');
  await forgiveAttempt(deps.prisma, limits);

  if (form.get('grant_type') !== 'client_credentials') {
    return refuse('unsupported_grant_type', 'Only client_credentials is offered.');
  }
  const resources = form.getAll('resource');
  const [resource] = resources;
  if (resource === undefined || resources.length !== 1) return refuse('invalid_target', 'Name exactly one resource.');
  const audience = audienceOfResource(resource, deps.gatewayUrl);
  if (audience === null || !(await mayUseAudience(deps.prisma, agent, audience))) {
    return refuse('invalid_target', 'This client may not use that resource.');
  }
  const now = await databaseNow(deps.prisma);
  await deps.prisma.agent.update({ where: { id: agent.id }, data: { lastSeenAt: now } });
  const { kid, privateKey } = deps.keys.tokenSigning;
  const token = await mintAccessToken(
    { agentId: agent.id, clientId: agent.clientId, audience, epoch: agent.tokenEpoch },
    { kid, privateKey, issuer: deps.gatewayUrl, nowMs: now.getTime() },
  );
  return answer(200, { access_token: token, token_type: 'Bearer', expires_in: ACCESS_TOKEN_TTL_S });
}

async function readForm(request: Request): Promise<URLSearchParams | null> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return null;
  const text = await request.text();
  return text.length > MAX_BODY_BYTES ? null : new URLSearchParams(text);
}

function refuse(error: OAuthError, description: string): Response {
  const status = error === 'invalid_client' ? 401 : error === 'slow_down' ? 429 : 400;
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="countersign"' } : undefined;
  return answer(status, { error, error_description: description }, headers);
}

function answer(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache', ...headers },
  });
}
