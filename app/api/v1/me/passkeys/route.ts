import { passkeyCreateSchema } from '#lib/contracts/passkeys.ts';
import { ok } from '#lib/core/result.ts';
import { enrolPasskey } from '#lib/server/passkeys/enrol-passkey.ts';
import { listPasskeys } from '#lib/server/passkeys/list-passkeys.ts';
import { humanRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const GET = humanRoute({}, async ({ deps, principal, request }) =>
  ok(await listPasskeys(deps.prisma, principal, { consoleUrl: deps.env.consoleUrl, host: hostOf(request) })),
);

export const POST = humanRoute({ body: passkeyCreateSchema, status: 201 }, ({ deps, principal, body, request }) =>
  enrolPasskey(stepUpDeps(deps), principal, { ...body, host: hostOf(request) }),
);
