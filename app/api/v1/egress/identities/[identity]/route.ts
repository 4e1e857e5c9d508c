import { z } from 'zod';
import { egressIdentityPatchSchema } from '#lib/contracts/egress.ts';
import { egressIdentitySchema } from '#lib/contracts/egress-input.ts';
import { setOnFirstSeen } from '#lib/server/egress/egress-identities.ts';
import { humanRoute } from '#lib/web/route.ts';

export const PATCH = humanRoute(
  { roles: ['admin'], params: z.object({ identity: egressIdentitySchema }), body: egressIdentityPatchSchema },
  ({ deps, principal, params, body }) => setOnFirstSeen(deps, principal, params.identity, body.onFirstSeen),
);
