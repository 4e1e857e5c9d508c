import { reauthByPasskeySchema } from '#lib/contracts/me.ts';
import { stepUpByPasskey } from '#lib/server/auth/reauthenticate-by-passkey.ts';
import { humanRoute } from '#lib/web/route.ts';
import { provenAnswer } from '#lib/web/sso-answer.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = humanRoute({ body: reauthByPasskeySchema }, async ({ deps, principal, body, request }) => {
  const proven = await stepUpByPasskey(stepUpDeps(deps), principal, { ...body, host: hostOf(request) });
  return proven.ok ? provenAnswer(deps, principal, proven.value) : proven;
});
