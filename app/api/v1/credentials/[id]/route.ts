import { credentialPatchSchema } from '#lib/contracts/credentials.ts';
import { err, ok } from '#lib/core/result.ts';
import { changeCredential } from '#lib/server/credentials/change-credential.ts';
import { viewCredential } from '#lib/server/credentials/read-credentials.ts';
import { answerCredential } from '#lib/web/credential-answer.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, params }) => {
  const found = await viewCredential(deps.prisma, params.id);
  return found === null ? err({ code: 'not-found' }) : ok(found);
});

export const PATCH = humanRoute(
  { roles: ['admin'], params: idParams, body: credentialPatchSchema },
  async ({ deps, principal, params, body }) => {
    const changed = await changeCredential(deps, principal, params.id, body);
    const shown = await answerCredential(deps, changed);
    return shown.ok && changed.ok ? ok({ ...shown.value, hookSecret: changed.value.hookSecret }) : shown;
  },
);
