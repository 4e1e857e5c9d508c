// Server-only.
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { forgetColumns } from '../overview/close-columns.ts';
import type { AnswerRefusal } from './answer-once.ts';
import { quorumOf } from './count-seats.ts';
import { factsOf, lockRequest, moveRequest } from './locked-request.ts';
import { readRequest } from './read-request.ts';
import { readStanding, recount } from './recount.ts';

type Deps = { readonly prisma: Database; readonly keys: Keys };
export type RequestAction = {
  readonly requestId: string;
  readonly digest: string;
  readonly reason?: string | undefined;
};

/**
 * Takes one's own vote back while the request waits, or while its approval is not used yet.
 *
 * There is no way back from approved to waiting: an approval that the remaining votes do not carry becomes revoked, and the
 * agent must ask anew. Everybody may take back what they said, also somebody who may not vote any more. Refuses when there
 * is no vote of theirs, and when the call has been decided otherwise or is running.
 */
export async function withdrawVote(
  deps: Deps,
  principal: HumanPrincipal,
  input: RequestAction,
): Promise<Result<ApprovalDetail, AnswerRefusal>> {
  const refusal = await withTx(deps.prisma, (tx) => withdraw(tx, deps.keys, principal, input));
  if (refusal?.code === 'not-found') return err(refusal);
  const record = await readRequest(deps.prisma, deps.keys, principal, input.requestId);
  if (record === null) return err({ code: 'not-found' });
  return refusal === null ? ok(record) : err({ ...refusal, extra: { record } });
}

async function withdraw(
  tx: Tx,
  keys: Keys,
  principal: HumanPrincipal,
  input: RequestAction,
): Promise<AnswerRefusal | null> {
  const row = await lockRequest(tx, input.requestId);
  if (row === null) return { code: 'not-found' };
  if (input.digest !== row.digest) return { code: 'stale-digest' };
  if (row.status !== 'pending' && row.status !== 'approved') return { code: 'already-decided' };
  const withdrawn = await tx.$queryRaw<{ decision: string }[]>`
    UPDATE votes SET withdrawn_at = clock_timestamp()
    WHERE request_id = ${row.id}::uuid AND person_id = ${principal.id}::uuid AND withdrawn_at IS NULL
    RETURNING decision::text AS decision`;
  const vote = withdrawn[0];
  if (vote === undefined) return { code: 'conflict', detail: 'You have no vote here to take back.' };
  const standing = await readStanding(tx, keys, row);
  const count = await recount(tx, row, standing);
  const about = {
    ...factsOf(auditActor(principal), row),
    quorum: quorumOf(count),
    separation: standing.separation,
    decision: vote.decision,
  };
  const said =
    input.reason === undefined || input.reason === '' ? {} : { payload: canonicalJson({ reason: input.reason }) };
  await recordEvent(tx, keys, { ...about, ...said, type: 'vote.withdrawn' });
  const next = row.status === 'approved' && !count.met ? 'revoked' : null;
  await moveRequest(tx, row, { to: next });
  await forgetColumns(tx, row.id);
  if (next !== null)
    await recordEvent(tx, keys, { ...about, type: 'request.revoked', detail: { cause: 'vote-withdrawn' } });
  return null;
}
