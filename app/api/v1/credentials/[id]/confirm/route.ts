import { credentialConfirmSchema } from '#lib/contracts/credentials.ts';
import { confirmCredential } from '#lib/server/credentials/change-credential.ts';
import { answerCredential } from '#lib/web/credential-answer.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: idParams, body: credentialConfirmSchema },
  async ({ deps, principal, params, body }) =>
    answerCredential(deps, await confirmCredential(deps, principal, params.id, body)),
);
