import { passkeyOptionsSchema } from '#lib/contracts/passkeys.ts';
import { offerEnrolment } from '#lib/server/passkeys/enrol-passkey.ts';
import { humanRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = humanRoute({ body: passkeyOptionsSchema }, ({ deps, principal, body, request }) =>
  offerEnrolment(stepUpDeps(deps), principal, { password: body.password, host: hostOf(request) }),
);
