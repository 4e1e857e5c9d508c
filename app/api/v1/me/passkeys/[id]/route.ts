import { passkeyRenameSchema } from '#lib/contracts/passkeys.ts';
import { ok } from '#lib/core/result.ts';
import { listPasskeys } from '#lib/server/passkeys/list-passkeys.ts';
import { removePasskey } from '#lib/server/passkeys/remove-passkey.ts';
import { renamePasskey } from '#lib/server/passkeys/rename-passkey.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';
import { hostOf } from '#lib/web/step-up.ts';

export const PATCH = humanRoute(
  { params: idParams, body: passkeyRenameSchema },
  async ({ deps, principal, params, body, request }) => {
    const renamed = await renamePasskey(deps, principal, params.id, body.name);
    if (!renamed.ok) return renamed;
    return ok(await listPasskeys(deps.prisma, principal, { consoleUrl: deps.env.consoleUrl, host: hostOf(request) }));
  },
);

export const DELETE = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  removePasskey(deps, principal, params.id),
);
