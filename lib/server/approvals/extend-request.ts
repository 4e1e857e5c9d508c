// Server-only. More time for those who read slowly, where policy leaves the time to the installation.
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { AnswerRefusal } from './answer-once.ts';
import { extensionBar } from './extension-bar.ts';
import { judgeVoter } from './judge-voter.ts';
import { factsOf, lockRequest, moveRequest } from './locked-request.ts';
import { readRequest } from './read-request.ts';
import type { RequestAction } from './withdraw-vote.ts';

/**
 * Gives a waiting request as much time again as it had at first (WCAG 2.2.1). Once, by somebody who may decide it, and
 * only where no rule that holds it names a time of its own: then its authors meant that time.
 */
export async function extendRequest(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  input: RequestAction,
): Promise<Result<ApprovalDetail, AnswerRefusal>> {
  const refusal = await withTx(deps.prisma, async (tx): Promise<AnswerRefusal | null> => {
    const row = await lockRequest(tx, input.requestId);
    if (row === null) return { code: 'not-found' };
    const judged = await judgeVoter(tx, principal.id, row);
    if (!judged.ok) return { code: judged.error.code, detail: judged.error.sentence };
    if (input.digest !== row.digest) return { code: 'stale-digest' };
    if (row.status !== 'pending') return { code: 'already-decided' };
    const bar = await extensionBar(tx, row.id);
    if (bar !== null) return { code: 'not-allowed', detail: bar };
    const extended = await tx.$queryRaw<{ until: Date }[]>`
      UPDATE approval_requests SET expires_at = expires_at + (expires_at - requested_at), extended_at = clock_timestamp()
      WHERE id = ${row.id}::uuid AND status = 'pending' AND extended_at IS NULL AND expires_at > clock_timestamp()
      RETURNING expires_at AS until`;
    const until = extended[0]?.until;
    if (until === undefined) return { code: 'conflict', detail: 'It could not be given more time.' };
    await recordEvent(tx, deps.keys, {
      ...factsOf(auditActor(principal), row),
      type: 'request.extended',
      detail: { until: until.toISOString() },
    });
    await moveRequest(tx, row, { to: null });
    return null;
  });
  if (refusal?.code === 'not-found') return err(refusal);
  const record = await readRequest(deps.prisma, deps.keys, principal, input.requestId);
  if (record === null) return err({ code: 'not-found' });
  return refusal === null ? ok(record) : err({ ...refusal, extra: { record } });
}
