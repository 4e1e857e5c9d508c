import { approvalsQuerySchema } from '#lib/contracts/approvals.ts';
import { listRequests } from '#lib/server/approvals/list-requests.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: approvalsQuerySchema }, ({ deps, principal, query }) =>
  listRequests(deps, principal, query),
);
