import { joinByPasskeySchema } from '#lib/contracts/links.ts';
import { err } from '#lib/core/result.ts';
import { joinByPasskey } from '#lib/server/people/join-by-passkey.ts';
import { mayTryLink } from '#lib/web/link-attempt.ts';
import { publicRoute } from '#lib/web/route.ts';
import { joinedAnswer } from '#lib/web/sso-answer.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = publicRoute({ body: joinByPasskeySchema }, async ({ deps, body, request, address }) => {
  if (!(await mayTryLink(deps, address))) return err({ code: 'rate-limited' });
  const where = { host: hostOf(request), address, userAgent: request.headers.get('user-agent') };
  const joined = await joinByPasskey({ ...stepUpDeps(deps), env: deps.env }, { ...body, ...where });
  return joined.ok ? joinedAnswer(deps, joined.value) : joined;
});
