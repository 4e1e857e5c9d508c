// Server-only. Short-lived tokens from an authorisation server: client credentials (RFC 6749, 4.4), exchange (RFC 8693).
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CredentialConfig } from '#lib/contracts/credentials.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Egress } from '../egress/connector.ts';
import { signAssertion } from './client-key.ts';
import { type OAuthSecret, readOAuthSecret } from './material.ts';
import { postOnce } from './post-once.ts';

export type OAuthConfig = Extract<CredentialConfig, { kind: 'oauth-client-credentials' | 'token-exchange' }>;
export type Minted = { readonly token: string; readonly expiresAtMs: number };

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:';
/** Without `expires_in` nothing is known; a short life costs a request, a long one a refused call. */
const UNSAID_LIFE_S = 60;
const LONGEST_LIFE_S = 24 * 3600;

const tokenSchema = z.object({
  access_token: z
    .string()
    .min(1)
    .max(16_384)
    .regex(/^[\x21-\x7e]+$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.coerce.number().positive().optional(),
});
const errorSchema = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** Gets a token for the server. Its life counts from before the request was sent, so it is never thought longer than it is. */
export async function mintToken(
  egress: Pick<Egress, 'poolFor'>,
  config: OAuthConfig,
  secretText: string,
  nowMs: () => number,
): Promise<Result<Minted, string>> {
  const secret = readOAuthSecret(secretText);
  if (config.kind === 'oauth-client-credentials') return ask(egress, config, secret, {}, nowMs);
  const subject = await subjectToken(egress, config, secret, nowMs);
  if (!subject.ok) return subject;
  const form = {
    grant_type: EXCHANGE,
    subject_token: subject.value,
    subject_token_type: `${TOKEN_TYPE}${config.subject === 'assertion' ? 'jwt' : 'access_token'}`,
    requested_token_type: `${TOKEN_TYPE}access_token`,
  };
  return ask(egress, config, secret, form, nowMs);
}

/** What is exchanged: our own assertion, or what the client gets for itself. There is no way to put a person's token here. */
async function subjectToken(
  egress: Pick<Egress, 'poolFor'>,
  config: Extract<OAuthConfig, { kind: 'token-exchange' }>,
  secret: OAuthSecret,
  nowMs: () => number,
): Promise<Result<string, string>> {
  if (config.subject === 'assertion') {
    if (secret.key === undefined) return err('It has no key to sign with.');
    const about = { clientId: config.clientId, audience: config.tokenUrl, nowMs: nowMs(), jti: randomUUID() };
    return ok(await signAssertion(secret.key, about));
  }
  const own = await ask(
    egress,
    { ...config, scope: undefined, resource: undefined, audience: undefined },
    secret,
    {},
    nowMs,
  );
  return own.ok ? ok(own.value.token) : own;
}

type Asked = Pick<OAuthConfig, 'tokenUrl' | 'clientId' | 'clientAuth'> & {
  readonly scope?: string | undefined;
  readonly resource?: string | undefined;
  readonly audience?: string | undefined;
};

async function ask(
  egress: Pick<Egress, 'poolFor'>,
  config: Asked,
  secret: OAuthSecret,
  grant: Readonly<Record<string, string>>,
  nowMs: () => number,
): Promise<Result<Minted, string>> {
  const sentAtMs = nowMs();
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...grant });
  for (const name of ['scope', 'resource', 'audience'] as const) {
    const value = config[name];
    if (value !== undefined) form.set(name, value);
  }
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    accept: 'application/json',
  };
  if (config.clientAuth === 'private_key_jwt') {
    if (secret.key === undefined) return err('It has no key to sign with.');
    form.set('client_id', config.clientId);
    form.set('client_assertion_type', ASSERTION);
    const about = { clientId: config.clientId, audience: config.tokenUrl, nowMs: sentAtMs, jti: randomUUID() };
    form.set('client_assertion', await signAssertion(secret.key, about));
  } else {
    if (secret.clientSecret === undefined) return err('It has no client secret.');
    headers.authorization = basicOf(config.clientId, secret.clientSecret);
  }
  const answer = await postOnce(egress, config.tokenUrl, { headers, body: form.toString() });
  if (!answer.ok) return err(`The token endpoint: ${answer.error}`);
  const { status, text } = answer.value;
  const body = readJson(text);
  if (status !== 200) {
    const said = errorSchema.safeParse(body);
    return err(`The token endpoint refused with status ${status}${said.success ? ` (${said.data.error})` : ''}.`);
  }
  const token = tokenSchema.safeParse(body);
  if (!token.success) return err('The token endpoint answered with something that is no bearer token.');
  const lifeS = Math.min(token.data.expires_in ?? UNSAID_LIFE_S, LONGEST_LIFE_S);
  return ok({ token: token.data.access_token, expiresAtMs: sentAtMs + lifeS * 1000 });
}

/** RFC 6749, 2.3.1: both halves are form-encoded before they are joined. */
function basicOf(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(clientId)}:${encode(clientSecret)}`).toString('base64')}`;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
