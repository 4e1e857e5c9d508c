import { linkTokenSchema } from '#lib/contracts/links.ts';
import { err } from '#lib/core/result.ts';
import { offerJoining } from '#lib/server/people/join-by-passkey.ts';
import { mayTryLink } from '#lib/web/link-attempt.ts';
import { publicRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = publicRoute({ body: linkTokenSchema }, async ({ deps, body, request, address }) =>
  (await mayTryLink(deps, address))
    ? offerJoining({ ...stepUpDeps(deps), env: deps.env }, { ...body, host: hostOf(request) })
    : err({ code: 'rate-limited' }),
);
