// Server-only.
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { type AuditActor, auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { AnswerRefusal } from './answer-once.ts';
import { escalationBar } from './escalation.ts';
import { groupsOf, judgeVoter, LOOSENED } from './judge-voter.ts';
import { factsOf, type LockedRequest, lockRequest } from './locked-request.ts';
import { readRequest } from './read-request.ts';
import { readStanding, settle } from './recount.ts';
import type { RequestAction } from './withdraw-vote.ts';

type SigningKeys = Pick<Keys, 'masterKey'>;

/**
 * Takes the next escalation step at once instead of when its time comes: its groups are asked, and count, from now on.
 * Only for people who may decide the request themselves, because it widens who else may, and before the step's time only
 * for somebody whose groups count already. Refuses when no step is left.
 */
export async function escalateRequest(
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
    const bar = await judgeEscalation(tx, deps.keys, principal.id, row);
    if (bar !== null) return bar;
    const taken = await takeStep(tx, deps.keys, auditActor(principal), row);
    return taken ? null : { code: 'conflict', detail: 'There is nobody further to ask.' };
  });
  if (refusal?.code === 'not-found') return err(refusal);
  const record = await readRequest(deps.prisma, deps.keys, principal, input.requestId);
  if (record === null) return err({ code: 'not-found' });
  return refusal === null ? ok(record) : err({ ...refusal, extra: { record } });
}

async function judgeEscalation(
  tx: Tx,
  keys: SigningKeys,
  personId: string,
  row: LockedRequest,
): Promise<AnswerRefusal | null> {
  const { terms, loosened } = await readStanding(tx, keys, row);
  if (loosened.includes(personId)) return { code: LOOSENED.code, detail: LOOSENED.sentence };
  const at = {
    now: row.now,
    requestedAt: row.requested_at,
    frozen: row.frozen.escalation,
    stepsTaken: row.escalation_step,
  };
  const bar = escalationBar(at, terms, await groupsOf(tx, personId));
  return bar === null ? null : { code: 'not-allowed', detail: bar };
}

/**
 * Takes one step of a locked, waiting request, and approves it when votes that are there already have become enough.
 * Returns false when no step is left. The next step's time counts from when the agent asked.
 */
export async function takeStep(tx: Tx, keys: SigningKeys, actor: AuditActor, row: LockedRequest): Promise<boolean> {
  const step = row.frozen.escalation[row.escalation_step];
  if (step === undefined) return false;
  const next = row.frozen.escalation[row.escalation_step + 1];
  await tx.$executeRaw`
    UPDATE approval_requests SET escalation_step = escalation_step + 1,
      escalate_at = requested_at + make_interval(secs => ${next?.afterS ?? null}::int)
    WHERE id = ${row.id}::uuid AND escalation_step = ${row.escalation_step}`;
  await recordEvent(tx, keys, {
    ...factsOf(actor, row),
    type: 'request.escalated',
    detail: { step: row.escalation_step + 1, groups: step.groups.join(', ') },
  });
  await settle(tx, keys, actor, { ...row, escalation_step: row.escalation_step + 1 });
  return true;
}
