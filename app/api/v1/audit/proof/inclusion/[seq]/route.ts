import { z } from 'zod';
import { readInclusionProof } from '#lib/server/audit/read-proof.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

const params = z.object({
  seq: z
    .string()
    .regex(/^[0-9]{1,15}$/)
    .transform(Number),
});

export const GET = humanRoute({ roles: AUDIT_READERS, params }, ({ deps, params: { seq } }) =>
  readInclusionProof(deps.prisma, seq),
);
