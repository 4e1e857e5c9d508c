import { z } from 'zod';
import { readConsistencyProof } from '#lib/server/audit/read-proof.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

const query = z.object({ from: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER) });

export const GET = humanRoute({ roles: AUDIT_READERS, query }, ({ deps, query: { from } }) =>
  readConsistencyProof(deps.prisma, from),
);
