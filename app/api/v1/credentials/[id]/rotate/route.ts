import { credentialRotateSchema } from '#lib/contracts/credentials.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { answerCredential } from '#lib/web/credential-answer.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: idParams, body: credentialRotateSchema },
  async ({ deps, principal, params, body }) =>
    answerCredential(deps, await rotateCredential(deps, principal, params.id, body)),
);
