// Server-only. What the token, introspection and revocation endpoints have in common: a form, and a client that proves itself.
import { problem } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { ATTEMPT_WINDOW_S, countAttempt, forgiveAttempt } from '../auth/count-attempts.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { ASSERTION_TYPE, authenticateAssertion, clientOfAssertion } from './client-assertion.ts';
import { authenticateClient, type ProvedAgent, readBasic } from './client-credentials.ts';

export type OAuthDeps = {
  readonly prisma: Database;
  readonly keys: Pick<Keys, 'masterKey' | 'tokenSigning'>;
  readonly gatewayUrl: string;
};

/** The error codes of RFC 6749 section 5.2, RFC 7009 section 2.2.1 and RFC 8707 section 2 that we answer. */
export type OAuthError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_target'
  | 'unsupported_grant_type'
  | 'slow_down';

/** A form from a client that has proved who it is, and the database's time. */
export type ClientRequest = ProvedAgent & { readonly form: URLSearchParams; readonly now: Date };

const MAX_BODY_BYTES = 8192;
const LIMIT_PER_CLIENT = 30;
const LIMIT_PER_ADDRESS = 120;
const SECONDS_UNTIL_USED_AGAIN = 60;

/**
 * Reads a request of a client and finds out whose it is: client_secret_basic or private_key_jwt, never both.
 *
 * Refuses a secret anywhere but in the Basic header, and a member of the form that is there twice. Failed attempts are
 * counted per address, and more tightly per client *and* address: a client id is no secret, so whoever knows one must not
 * be able to keep its agent from getting tokens. The address's limit is asked after the proof and only where that failed:
 * many agents share one address, and strangers behind it must not keep them out. `address` is the peer as the server saw it, or what a proxy
 * that the operator trusts says it is, never a header of somebody else's.
 */
export async function readClientRequest(
  deps: OAuthDeps,
  request: Request,
  address: string,
): Promise<Result<ClientRequest, Response>> {
  const { prisma, gatewayUrl } = deps;
  const form = await readForm(request);
  if (form === null) return err(refuseOAuth('invalid_request', 'Send application/x-www-form-urlencoded.'));
  for (const name of new Set(form.keys())) {
    if (name !== 'resource' && form.getAll(name).length > 1) {
      return err(refuseOAuth('invalid_request', 'A parameter is there more than once.'));
    }
  }
  if (form.has('client_secret')) return err(refuseOAuth('invalid_client', 'A secret belongs into the Basic header.'));
  const authorization = request.headers.get('authorization');
  const assertion = form.get('client_assertion');
  if (authorization !== null && assertion !== null) {
    return err(refuseOAuth('invalid_request', 'Use one way to authenticate, not two.'));
  }
  const basic = assertion === null ? readBasic(authorization) : null;
  const signed = form.get('client_assertion_type') === ASSERTION_TYPE ? assertion : null;
  const clientId = basic?.clientId ?? (signed === null ? null : clientOfAssertion(signed));
  if (clientId === null) return err(refuseOAuth('invalid_client', 'Use client_secret_basic or private_key_jwt.'));
  const ofClient = [{ key: `oauth:client:${clientId.slice(0, 100)}:${address}`, limit: LIMIT_PER_CLIENT }];
  if (!(await countAttempt(prisma, ofClient))) return err(refuseTooMany(ATTEMPT_WINDOW_S));
  const now = await databaseNow(prisma);
  const proved =
    basic !== null
      ? await authenticateClient(prisma, basic, now)
      : signed !== null
        ? await authenticateAssertion(prisma, signed, { issuer: gatewayUrl, now })
        : null;
  const named = form.get('client_id');
  if (proved === null || (named !== null && named !== proved.agent.clientId)) {
    const ofAddress = [{ key: `oauth:address:${address}`, limit: LIMIT_PER_ADDRESS }];
    if (!(await countAttempt(prisma, ofAddress))) return err(refuseTooMany(ATTEMPT_WINDOW_S));
    return err(refuseOAuth('invalid_client', 'Unknown client, or its proof does not hold.'));
  }
  await forgiveAttempt(prisma, ofClient);
  await noteUse(prisma, proved, now);
  return ok({ ...proved, form, now });
}

/** Marks agent and key as used, at most once a minute: rows that every token request would fight over say no more. */
async function noteUse(prisma: Database, { agent, keyId }: ProvedAgent, now: Date): Promise<void> {
  const before = new Date(now.getTime() - SECONDS_UNTIL_USED_AGAIN * 1000);
  await prisma.agentKey.updateMany({
    where: { id: keyId, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: before } }] },
    data: { lastUsedAt: now },
  });
  await prisma.agent.update({ where: { id: agent.id }, data: { lastSeenAt: now } });
}

async function readForm(request: Request): Promise<URLSearchParams | null> {
  const type = (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return null;
  const text = await request.text();
  return text.length > MAX_BODY_BYTES ? null : new URLSearchParams(text);
}

/** An error of RFC 6749 section 5.2. The description is ours alone: nothing that was sent is said back. */
export function refuseOAuth(error: Exclude<OAuthError, 'slow_down'>, description: string): Response {
  const status = error === 'invalid_client' ? 401 : 400;
  const headers = status === 401 ? { 'www-authenticate': 'Basic realm="countersign"' } : undefined;
  return answerOAuth(status, { error, error_description: description }, headers);
}

/** Too many, and from when on it may be tried again: the error of an OAuth client, and the problem that all else of ours is. */
export function refuseTooMany(retryAfterS: number): Response {
  const about = problem('rate-limited', `Too many requests. Try again in ${retryAfterS} seconds.`);
  const error: OAuthError = 'slow_down';
  return answerOAuth(429, { ...about, error, error_description: about.detail }, { 'retry-after': String(retryAfterS) });
}

/** JSON that no cache keeps. */
export function answerOAuth(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', pragma: 'no-cache', ...headers },
  });
}
