// POST /oauth/token as a client: the secret or the signed assertion goes there and nowhere else.
import { type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { isJsonObject, type JsonObject, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Credentials } from './credentials.ts';
import { type HttpAnswer, send, textOf } from './exchange.ts';
import { parseJson } from './wire.ts';

export type Token = { readonly value: string; readonly expiresAtMs: number };
/** `refused`: asking again with the same credentials will not help. */
export type TokenFault = { readonly kind: 'refused' | 'unreachable'; readonly sentence: string };

type Renewable = Exclude<Credentials, { kind: 'static' }>;

const TIMEOUT_MS = 15_000;
const ASSERTION_TTL_S = 60;
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Asks for a token for one resource: 15 minutes, or `opaque`, for a client that can only keep a fixed header, up to a day.
 * What the endpoint answers is repeated only as far as it is one of the codes of RFC 6749.
 */
export async function requestToken(
  gatewayUrl: URL,
  credentials: Renewable,
  audience: string,
  format: 'jwt' | 'opaque' = 'jwt',
): Promise<Result<Token, TokenFault>> {
  const form = new URLSearchParams({ grant_type: 'client_credentials', resource: `${gatewayUrl.origin}${audience}` });
  if (format === 'opaque') form.set('token_format', 'opaque');
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (credentials.kind === 'secret') {
    const pair = `${encodeURIComponent(credentials.clientId)}:${encodeURIComponent(credentials.clientSecret)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`;
  } else {
    const issuer = await readIssuer(gatewayUrl);
    if (!issuer.ok) return issuer;
    const assertion = await signAssertion(credentials, issuer.value);
    if (!assertion.ok) return assertion;
    form.set('client_id', credentials.clientId);
    form.set('client_assertion_type', ASSERTION);
    form.set('client_assertion', assertion.value);
  }
  const startedAtMs = Date.now();
  const url = new URL('/oauth/token', gatewayUrl);
  const sent = await send(url, { method: 'POST', headers, body: form.toString(), timeoutMs: TIMEOUT_MS });
  if (!sent.ok) return err({ kind: 'unreachable', sentence: `The gateway does not answer (${sent.error.why}).` });
  const body = await jsonOf(sent.value);
  const { status } = sent.value;
  if (status !== 200) {
    const code = ownValue(body, 'error');
    const said = typeof code === 'string' && /^[a-z_]{3,40}$/.test(code) ? code : `status ${status}`;
    const isOver = status === 400 || status === 401 || status === 403;
    return err({ kind: isOver ? 'refused' : 'unreachable', sentence: `The gateway gives no token (${said}).` });
  }
  const value = ownValue(body, 'access_token');
  const expiresIn = ownValue(body, 'expires_in');
  if (typeof value !== 'string' || typeof expiresIn !== 'number') {
    return err({ kind: 'unreachable', sentence: 'The token endpoint answered something else than a token.' });
  }
  // Counted from before the request: never later than the gateway counts.
  return ok({ value, expiresAtMs: startedAtMs + expiresIn * 1000 });
}

/** RFC 7523: signed by the agent's key, for this issuer only, for a minute, once. */
async function signAssertion(
  credentials: Extract<Renewable, { kind: 'key' }>,
  issuer: string,
): Promise<Result<string, TokenFault>> {
  const alg = algorithmOf(credentials.key);
  if (alg === null) return err({ kind: 'refused', sentence: 'The key must be Ed25519, P-256 or RSA.' });
  const now = Math.floor(Date.now() / 1000);
  const { clientId, kid } = credentials;
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg, ...(kid === null ? {} : { kid }) })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(issuer)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_TTL_S)
    .sign(credentials.key);
  return ok(assertion);
}

function algorithmOf(key: KeyObject): string | null {
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'rsa') return 'PS256';
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? 'ES256' : null;
}

/**
 * What the authorization server calls itself (RFC 8414): the audience of an assertion. Refuses another host's name, for
 * which the assertion would be good as well.
 */
async function readIssuer(gatewayUrl: URL): Promise<Result<string, TokenFault>> {
  const url = new URL('/.well-known/oauth-authorization-server', gatewayUrl);
  const sent = await send(url, { method: 'GET', headers: {}, timeoutMs: TIMEOUT_MS });
  if (!sent.ok) return err({ kind: 'unreachable', sentence: `The gateway does not answer (${sent.error.why}).` });
  const issuer = ownValue(await jsonOf(sent.value), 'issuer');
  if (typeof issuer !== 'string' || !URL.canParse(issuer)) {
    return err({ kind: 'unreachable', sentence: 'The gateway does not say who issues its tokens.' });
  }
  return isSameOrigin(new URL(issuer), gatewayUrl)
    ? ok(issuer)
    : err({ kind: 'refused', sentence: 'The gateway calls itself by another address: use that one as --url.' });
}

function isSameOrigin(one: URL, other: URL): boolean {
  const alias = (url: URL) => (url.hostname === '127.0.0.1' ? 'localhost' : url.hostname);
  return one.protocol === other.protocol && one.port === other.port && alias(one) === alias(other);
}

async function jsonOf(answer: HttpAnswer): Promise<JsonObject> {
  try {
    const body = parseJson(await textOf(answer));
    return isJsonObject(body) ? body : {};
  } catch {
    return {};
  }
}
