import { credentialRetireSchema } from '#lib/contracts/credentials.ts';
import { retireCredential } from '#lib/server/credentials/change-credential.ts';
import { answerCredential } from '#lib/web/credential-answer.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: idParams, body: credentialRetireSchema },
  async ({ deps, principal, params, body }) =>
    answerCredential(deps, await retireCredential(deps, principal, params.id, body.reason)),
);
