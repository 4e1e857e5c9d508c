import { testCredential } from '#lib/server/credentials/test-credential.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin'], params: idParams }, ({ deps, principal, params }) =>
  testCredential(deps, principal, params.id),
);
