// Server-only.
import { createHash, createHmac, randomBytes, randomUUIDv7 } from 'node:crypto';
import * as oidc from 'openid-client';
import type { Refusal } from '#lib/contracts/problems.ts';
import { safeNext } from '#lib/contracts/safe-next.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { countAttempt } from '../auth/count-attempts.ts';
import type { Database } from '../db/prisma.ts';
import type { Lookup } from '../egress/connector.ts';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';
import { openClient } from './open-client.ts';
import { readProvider, redirectUri } from './provider.ts';

export type SsoDeps = {
  readonly prisma: Database;
  readonly keys: Keys;
  readonly env: Pick<Env, 'consoleUrl' | 'oidc'>;
  readonly lookup?: Lookup | undefined;
};
export type Attempt = { readonly state: string; readonly nonce: string; readonly verifier: string };

export const ATTEMPT_TTL_S = 600;
const LIMIT = 60;

/** State, nonce and PKCE verifier of an attempt: all from the one secret that only its browser holds. */
export function attemptOf(secret: string): Attempt {
  const derive = (label: string) => createHmac('sha256', secret).update(`countersign/sso/${label}`).digest('base64url');
  return { state: derive('state'), nonce: derive('nonce'), verifier: derive('verifier') };
}

/** How the attempt's row names the secret. */
export function attemptHash(secret: string): string {
  return createHash('sha256').update(`countersign/sso/${secret}`).digest('hex');
}

/**
 * Where to send a browser so that the provider says who sits there, and the secret that the browser must bring back.
 * With a person it is a step-up: the provider is told to ask again, whatever session it has. Refuses without a provider,
 * while it cannot be reached, and beyond the limit of an address. `next` that is no path of ours becomes `/`.
 */
export async function startSignIn(
  deps: SsoDeps,
  input: { readonly address: string; readonly next: string | undefined; readonly stepUp: HumanPrincipal | null },
): Promise<Result<{ readonly url: string; readonly secret: string }, Refusal>> {
  const { prisma } = deps;
  if (!(await countAttempt(prisma, [{ key: `sso:${input.address}`, limit: LIMIT }])))
    return err({ code: 'rate-limited' });
  const provider = await readProvider(prisma, deps.keys, deps.env);
  if (provider === null) return err({ code: 'sso-off' });
  const client = await openClient(deps, provider);
  if (!client.ok) return err({ code: 'sso-unavailable' });
  await client.value.close();
  const secret = randomBytes(32).toString('base64url');
  const { state, nonce, verifier } = attemptOf(secret);
  await prisma.$executeRaw`
    INSERT INTO sso_attempts (id, secret_hash, issuer, next, purpose, session_id, created_at, expires_at)
    SELECT ${randomUUIDv7()}::uuid, ${attemptHash(secret)}, ${provider.issuer}, ${safeNext(input.next)},
           ${input.stepUp === null ? 'sign-in' : 'step-up'}, ${input.stepUp?.sessionId ?? null}::uuid, t.now,
           t.now + make_interval(secs => ${ATTEMPT_TTL_S})
    FROM (SELECT clock_timestamp() AS now) t`;
  await prisma.$executeRaw`DELETE FROM sso_attempts WHERE expires_at < clock_timestamp() - interval '1 day'`;
  const url = oidc.buildAuthorizationUrl(client.value.config, {
    redirect_uri: redirectUri(deps.env),
    scope: provider.scopes,
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(input.stepUp === null ? {} : { prompt: 'login', max_age: '0' }),
  });
  return ok({ url: url.href, secret });
}
