// Server-only.
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readRequest } from './read-request.ts';

const CLAIM_S = 90;

/**
 * Says "I am looking at this" for 90 seconds. It blocks nobody: others may still vote, and the claim simply runs out
 * when its holder goes away. Refused while somebody else's claim lives, so that the first one stays visible.
 */
export async function claimRequest(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  id: string,
): Promise<Result<ApprovalDetail, Refusal>> {
  const claimed = await withTx(deps.prisma, async (tx) => {
    const rows = await tx.$queryRaw<{ version: number; status: string }[]>`
      UPDATE approval_requests SET claimed_by = ${principal.id}::uuid, version = version + 1,
        claim_until = clock_timestamp() + make_interval(secs => ${CLAIM_S})
      WHERE id = ${id}::uuid AND status = 'pending' AND expires_at > clock_timestamp()
        AND (claimed_by IS NULL OR claimed_by = ${principal.id}::uuid OR claim_until <= clock_timestamp())
      RETURNING version, status::text AS status`;
    const row = rows[0];
    if (row === undefined) return false;
    await notify(tx, 'cs_approval', { id, version: row.version, status: row.status });
    return true;
  });
  const record = await readRequest(deps.prisma, deps.keys, principal, id);
  if (record === null) return err({ code: 'not-found' });
  return claimed ? ok(record) : err({ code: 'conflict', detail: claimDetail(record) });
}

function claimDetail(record: ApprovalDetail): string {
  return record.status === 'pending' ? 'Somebody else is looking at this.' : 'This is not waiting any more.';
}
