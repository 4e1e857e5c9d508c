import { removePasskey } from '#lib/server/passkeys/remove-passkey.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  removePasskey(deps, principal, params.id),
);
