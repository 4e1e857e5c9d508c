// Server-only.
import { recordSwept, SWEPT_COLUMNS, type SweptRequest } from '../approvals/sweep-event.ts';
import { withTx } from '../db/tx.ts';
import type { StageDeps } from './stage.ts';

/** Takes back what the red team's agents left waiting or approved: no request of theirs outlives its run. */
export function withdrawLeftRequests({ prisma, keys }: StageDeps, agentIds: readonly string[]): Promise<void> {
  return withTx(prisma, async (tx) => {
    const ended = await tx.$queryRaw<SweptRequest[]>`
      UPDATE approval_requests r SET version = r.version + 1,
        status = (CASE r.status WHEN 'pending' THEN 'withdrawn' ELSE 'revoked' END)::approval_status,
        finished_at = clock_timestamp()
      WHERE r.agent_id = ANY (${[...agentIds]}::uuid[]) AND r.status IN ('pending', 'approved')
      RETURNING ${SWEPT_COLUMNS}`;
    for (const request of ended) {
      const type = request.status === 'withdrawn' ? 'request.withdrawn' : 'request.revoked';
      await recordSwept(tx, keys, request, { type, code: 'approval-withdrawn' });
    }
  });
}
