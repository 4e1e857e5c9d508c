import { reauthSchema } from '#lib/contracts/me.ts';
import { stepUpByPassword } from '#lib/server/auth/reauthenticate.ts';
import { humanRoute } from '#lib/web/route.ts';
import { provenAnswer } from '#lib/web/sso-answer.ts';

export const POST = humanRoute({ body: reauthSchema }, async ({ deps, principal, body }) => {
  const proven = await stepUpByPassword(deps, principal, body.password);
  return proven.ok ? provenAnswer(deps, principal, proven.value) : proven;
});
