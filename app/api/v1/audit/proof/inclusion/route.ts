import { inclusionProofsQuerySchema } from '#lib/contracts/audit.ts';
import { readInclusionProofs } from '#lib/server/audit/read-proofs.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: AUDIT_READERS, query: inclusionProofsQuerySchema }, ({ deps, query }) =>
  readInclusionProofs(deps.prisma, query.seqs.split(',').map(Number), query.size),
);
