import 'server-only';
import { problem } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { attemptCookieName, sealSessionCookie, sessionCookieName, setCookie } from '#lib/server/auth/session-cookie.ts';
import { ATTEMPT_TTL_S, startSignIn } from '#lib/server/sso/start-sign-in.ts';
import type { WebDeps } from './deps.ts';
import { jsonAnswer, problemAnswer } from './problem.ts';

type Start = {
  readonly request: Request;
  readonly address: string;
  readonly next: string | undefined;
  readonly stepUp: HumanPrincipal | null;
};

/**
 * Sends the browser to the provider, with the secret of the attempt in a cookie of its own.
 * Only at the console's public address: the provider sends back there, and at another name the cookie would be missing.
 */
export async function startSso(deps: WebDeps, { request, ...input }: Start): Promise<Response> {
  const { env } = deps;
  if (request.headers.get('host') !== new URL(env.consoleUrl).host) {
    return problemAnswer('conflict', `Open the console at ${env.consoleUrl} to sign in through the provider.`);
  }
  const started = await startSignIn(deps, input);
  if (!started.ok) return problemAnswer(started.error.code, started.error.detail);
  const answer = jsonAnswer({ url: started.value.url });
  answer.headers.append('set-cookie', setCookie(env, attemptCookieName(env), started.value.secret, ATTEMPT_TTL_S));
  return answer;
}

/** The Set-Cookie header of a session that next-auth did not begin. */
export async function sessionCookie(
  deps: WebDeps,
  session: { readonly personId: string; readonly sessionId: string },
): Promise<string> {
  return setCookie(deps.env, sessionCookieName(deps.env), await sealSessionCookie(session, deps.keys), 12 * 3600);
}

/** What a proof given again answers: the session went on under a new id. */
export async function provenAnswer(
  deps: WebDeps,
  principal: HumanPrincipal,
  proven: { readonly reauthAt: Date; readonly sessionId: string },
): Promise<Response> {
  const answer = jsonAnswer({ reauthAt: proven.reauthAt.toISOString() });
  const { sessionId } = proven;
  answer.headers.append('set-cookie', await sessionCookie(deps, { personId: principal.id, sessionId }));
  return answer;
}

/** What taking up an invitation with a passkey answers: the browser is signed in. */
export async function joinedAnswer(
  deps: WebDeps,
  { personId, email, sessionId }: { readonly personId: string; readonly email: string; readonly sessionId: string },
): Promise<Response> {
  const answer = jsonAnswer({ kind: 'invite', personId, email }, 201);
  answer.headers.append('set-cookie', await sessionCookie(deps, { personId, sessionId }));
  return answer;
}

/** Where a browser goes that came back from the provider; its attempt is over either way. */
export function leaveSso(deps: WebDeps, path: string, cookies: readonly string[] = []): Response {
  const { env } = deps;
  const headers = new Headers({ location: env.consoleUrl + path, 'cache-control': 'no-store' });
  for (const cookie of [setCookie(env, attemptCookieName(env), '', 0), ...cookies])
    headers.append('set-cookie', cookie);
  return new Response(null, { status: 303, headers });
}

/** The sign-in page with the reason why the provider's answer let nobody in. */
export function refusedPath(code: Parameters<typeof problem>[0]): string {
  return `/sign-in?error=${encodeURIComponent(problem(code).code)}`;
}
