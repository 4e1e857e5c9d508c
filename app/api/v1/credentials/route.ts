import { credentialCreateSchema } from '#lib/contracts/credentials.ts';
import { ok } from '#lib/core/result.ts';
import { addCredential } from '#lib/server/credentials/add-credential.ts';
import { listCredentials } from '#lib/server/credentials/read-credentials.ts';
import { answerCredential } from '#lib/web/credential-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await listCredentials(deps.prisma)));

export const POST = humanRoute(
  { roles: ['admin'], body: credentialCreateSchema, status: 201 },
  async ({ deps, principal, body }) => answerCredential(deps, await addCredential(deps, principal, body)),
);
