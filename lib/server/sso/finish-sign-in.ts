// Server-only.
import * as oidc from 'openid-client';
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { countAttempt, forgiveAttempt } from '../auth/count-attempts.ts';
import { renewSession } from '../auth/renew-session.ts';
import { openSession, readSession } from '../auth/sessions.ts';
import { withTx } from '../db/tx.ts';
import { admitPerson, type Named, subjectOf } from './admit-person.ts';
import { groupsIn } from './map-groups.ts';
import { isOutage, openClient, type ProviderFault, wordFor } from './open-client.ts';
import { type Provider, readProvider, readSignInRules, redirectUri } from './provider.ts';
import { attemptHash, attemptOf, type SsoDeps } from './start-sign-in.ts';

export type Returned = {
  /** The query of the address to which the provider sent the browser. */
  readonly search: string;
  /** What the browser's cookie holds. */
  readonly secret: string | null;
  readonly address: string;
  readonly userAgent: string | null;
};
export type CameBack = { readonly personId: string; readonly sessionId: string; readonly next: string };

const LIMIT = 60;
/** How long ago the provider may have asked, when it was told to ask again. */
const FRESH_S = 120;

type OpenAttempt = {
  readonly issuer: string;
  readonly next: string;
  readonly purpose: string;
  session_id: string | null;
};

/**
 * Takes back a browser that the provider sent, once.
 *
 * The attempt must be this browser's own (its cookie), unused and younger than ten minutes; its state, nonce and PKCE
 * verifier are derived from that cookie, so a code that was fetched in another browser fits none of them. Issuer (RFC
 * 9207), signature, audience and times are openid-client's. Every refusal that got this far is audited without a word of
 * the provider's.
 */
export async function finishSignIn(deps: SsoDeps, back: Returned): Promise<Result<CameBack, Refusal>> {
  const { prisma, keys } = deps;
  if (!(await countAttempt(prisma, [{ key: `sso-back:${back.address}`, limit: LIMIT }]))) {
    return err({ code: 'rate-limited' });
  }
  const refuse = async (refusal: Refusal, why: string) => {
    await withTx(prisma, (tx) =>
      recordEvent(tx, keys, {
        type: 'person.sign-in-failed',
        actor: { type: 'person', id: 'unknown', name: 'single sign-on' },
        detail: { address: back.address, method: 'sso', why },
      }),
    );
    return err(refusal);
  };
  const attempt = back.secret === null ? null : await takeAttempt(deps, back.secret);
  if (attempt === null || back.secret === null) return refuse({ code: 'sso-failed' }, 'no-attempt');
  const provider = await readProvider(prisma, keys, deps.env);
  if (provider === null || provider.issuer !== attempt.issuer) return refuse({ code: 'sso-off' }, 'provider-changed');
  const isStepUp = attempt.purpose === 'step-up';
  const named = await askProvider(deps, provider, { ...back, secret: back.secret, isStepUp });
  if (!named.ok) {
    const code = named.error.kind === 'unavailable' ? 'sso-unavailable' : 'sso-failed';
    return refuse({ code }, named.error.why);
  }
  const admitted = isStepUp ? await stepUp(deps, named.value, attempt) : await admit(deps, named.value, back);
  if (!admitted.ok) return refuse({ code: admitted.error.code }, admitted.error.why);
  // Only failures fill a window: many people may sit behind one address.
  await forgiveAttempt(
    prisma,
    [`sso:${back.address}`, `sso-back:${back.address}`].map((key) => ({ key, limit: LIMIT })),
  );
  return ok({ ...admitted.value, next: attempt.next });
}

async function takeAttempt(deps: SsoDeps, secret: string): Promise<OpenAttempt | null> {
  const rows = await deps.prisma.$queryRaw<OpenAttempt[]>`
    UPDATE sso_attempts SET used_at = clock_timestamp()
    WHERE secret_hash = ${attemptHash(secret)} AND used_at IS NULL AND expires_at > clock_timestamp()
    RETURNING issuer, next, purpose, session_id::text`;
  return rows[0] ?? null;
}

async function askProvider(
  deps: SsoDeps,
  provider: Provider,
  back: { readonly search: string; readonly secret: string; readonly isStepUp: boolean },
): Promise<Result<Named, ProviderFault>> {
  const client = await openClient(deps, provider);
  if (!client.ok) return client;
  const { config, close } = client.value;
  const { state, nonce, verifier } = attemptOf(back.secret);
  const here = new URL(redirectUri(deps.env));
  here.search = back.search;
  try {
    const tokens = await oidc.authorizationCodeGrant(config, here, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
      ...(back.isStepUp ? { maxAge: FRESH_S } : {}),
    });
    const claims = tokens.claims();
    if (claims === undefined) return err({ kind: 'refused', why: 'no-id-token' });
    const isShort = !namesEmail(claims) || claims[provider.groupsClaim] === undefined;
    const more =
      isShort && config.serverMetadata().userinfo_endpoint !== undefined
        ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
        : null;
    return ok(namedBy(claims, more, provider.groupsClaim));
  } catch (error) {
    return err({ kind: isOutage(error) ? 'unavailable' : 'refused', why: wordFor(error) });
  } finally {
    await close();
  }
}

type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Whether an answer names an e-mail and says of that very e-mail whether it is verified. */
function namesEmail(claims: Claims): boolean {
  return claims.email !== undefined && claims.email_verified !== undefined;
}

/**
 * The e-mail and whether it is verified come from one answer: the ID token if it has both, else the userinfo of the same
 * subject if that has both. Two halves of two answers would let whoever has any verified address be somebody else.
 */
function namedBy(claims: Claims & { readonly iss: string }, more: Claims | null, groupsClaim: string): Named {
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  const userInfo = more !== null && more.sub === claims.sub ? more : null;
  const said = !namesEmail(claims) && userInfo !== null && namesEmail(userInfo) ? userInfo : claims;
  return {
    issuer: claims.iss,
    sub: claims.sub,
    email: text(said.email),
    // Some providers send the word instead of the value; anything else is not verified.
    emailVerified: said.email_verified === true || said.email_verified === 'true',
    name: text(claims.name) ?? text(userInfo?.name),
    groups: groupsIn(claims[groupsClaim] ?? userInfo?.[groupsClaim]),
  };
}

type Outcome = Result<Omit<CameBack, 'next'>, Refusal & { readonly why: string }>;

function admit(deps: SsoDeps, named: Named, back: Returned): Promise<Outcome> {
  return withTx(deps.prisma, async (tx): Promise<Outcome> => {
    const admitted = await admitPerson(tx, deps.keys, named, await readSignInRules(tx));
    if (!admitted.ok) return admitted;
    const { id, name } = admitted.value;
    const { address, userAgent } = back;
    const session = await openSession(tx, { personId: id, userAgent, address, by: 'sso' });
    await tx.$executeRaw`UPDATE people SET last_sign_in_at = clock_timestamp() WHERE id = ${id}::uuid`;
    await recordEvent(tx, deps.keys, {
      type: 'person.signed-in',
      actor: { type: 'person', id, name },
      detail: { address, sessionId: session.id, method: 'sso', issuer: named.issuer },
    });
    return ok({ personId: id, sessionId: session.id });
  });
}

/** The provider asked again: the session goes on under a new id, if it was the same human. */
function stepUp(deps: SsoDeps, named: Named, attempt: OpenAttempt): Promise<Outcome> {
  return withTx(deps.prisma, async (tx): Promise<Outcome> => {
    const session = attempt.session_id === null ? null : await readSession(tx, attempt.session_id);
    if (session === null) return err({ code: 'not-signed-in', why: 'session-over' });
    const { principal } = session;
    const person = await tx.person.findUniqueOrThrow({ where: { id: principal.id } });
    if (person.subject !== subjectOf(named)) return err({ code: 'sso-failed', why: 'another-subject' });
    const renewed = await renewSession(tx, deps.keys, principal, 'sso');
    if (renewed === null) return err({ code: 'not-signed-in', why: 'session-over' });
    return ok({ personId: principal.id, sessionId: renewed.sessionId });
  });
}
