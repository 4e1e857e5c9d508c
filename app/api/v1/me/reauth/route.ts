import { reauthSchema } from '#lib/contracts/people.ts';
import { stepUpByPassword } from '#lib/server/auth/reauthenticate.ts';
import { jsonAnswer } from '#lib/web/problem.ts';
import { humanRoute } from '#lib/web/route.ts';
import { sessionCookie } from '#lib/web/sso-answer.ts';

export const POST = humanRoute({ body: reauthSchema }, async ({ deps, principal, body }) => {
  const proven = await stepUpByPassword(deps, principal, body.password);
  if (!proven.ok) return proven;
  const { reauthAt, sessionId } = proven.value;
  const answer = jsonAnswer({ reauthAt: reauthAt.toISOString() });
  answer.headers.append('set-cookie', await sessionCookie(deps, { personId: principal.id, sessionId }));
  return answer;
});
