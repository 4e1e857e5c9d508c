import { z } from 'zod';
import { attemptCookieName, readCookie } from '#lib/server/auth/session-cookie.ts';
import { finishSignIn } from '#lib/server/sso/finish-sign-in.ts';
import { publicRoute } from '#lib/web/route.ts';
import { leaveSso, refusedPath, sessionCookie } from '#lib/web/sso-answer.ts';

// The provider sends the browser here by GET (OpenID Connect Core 3.1.2.5); the attempt's own cookie is the guard.
export const GET = publicRoute({ query: z.record(z.string(), z.string()) }, async ({ deps, request, address }) => {
  const back = await finishSignIn(deps, {
    search: new URL(request.url).search,
    secret: readCookie(request.headers.get('cookie'), attemptCookieName(deps.env)),
    address,
    userAgent: request.headers.get('user-agent'),
  });
  if (!back.ok) return leaveSso(deps, refusedPath(back.error.code));
  return leaveSso(deps, back.value.next, [await sessionCookie(deps, back.value)]);
});
