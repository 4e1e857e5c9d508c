// Server-only. A grant as people see it.
import type { Grant } from '#lib/contracts/grants.ts';
import { totalOf } from '#lib/core/approvals/terms.ts';
import { grantSentence } from '#lib/core/grants/sentence.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import { termsOf } from './grant-row.ts';
import { judgeGrantVoter, tallyGrant } from './judge-grant-voter.ts';
import { type LockedGrant, readGrant } from './lock-grant.ts';

/** Reads one grant for somebody; null where there is none. */
export async function viewGrant(tx: Tx, reader: HumanPrincipal, id: string): Promise<Grant | null> {
  const row = await readGrant(tx, id);
  return row === null ? null : toGrant(tx, reader, row);
}

/** A row in the words of the contract, with what the reader may do. */
export async function toGrant(tx: Tx, reader: HumanPrincipal, row: LockedGrant): Promise<Grant> {
  const votes = await tx.$queryRaw<{ name: string; decision: 'approve' | 'deny'; cast_at: Date }[]>`
    SELECT p.name, v.decision::text AS decision, v.cast_at FROM grant_votes v JOIN people p ON p.id = v.person_id
    WHERE v.grant_id = ${row.id}::uuid ORDER BY v.cast_at, v.id`;
  const author = await tx.person.findUnique({ where: { id: row.created_by }, select: { name: true } });
  const iso = (time: Date | null) => time?.toISOString() ?? null;
  return {
    id: row.id,
    version: row.version,
    status: row.status,
    agent: row.agent_name,
    server: row.server_name,
    tool: row.tool_name,
    actionClass: row.action_class,
    condition: row.condition,
    sentence: grantSentence(termsOf(row)),
    tier: row.tier,
    maxUses: row.max_uses,
    uses: row.uses,
    minutes: row.minutes,
    quorum: { needed: totalOf(row), approved: await approvedOf(tx, row, votes), factors: [...row.factors] },
    stepUp: row.step_up,
    digest: row.digest,
    requestId: row.request_id,
    reason: row.reason,
    createdBy: author?.name ?? 'somebody',
    createdAt: row.created_at.toISOString(),
    decideBy: row.decide_by.toISOString(),
    activatedAt: iso(row.activated_at),
    expiresAt: iso(row.expires_at),
    endedAt: iso(row.ended_at),
    lastUsedAt: iso(row.last_used_at),
    votes: votes.map((vote) => ({
      personName: vote.name,
      decision: vote.decision,
      castAt: vote.cast_at.toISOString(),
    })),
    mayVote: await mayVote(tx, reader, row),
  };
}

/** While it waits, what counts now; afterwards, who approved. */
async function approvedOf(tx: Tx, row: LockedGrant, votes: readonly { readonly decision: string }[]): Promise<number> {
  if (row.status === 'pending') return (await tallyGrant(tx, row)).approvals;
  return votes.filter((vote) => vote.decision === 'approve').length;
}

async function mayVote(tx: Tx, reader: HumanPrincipal, row: LockedGrant): Promise<Grant['mayVote']> {
  if (row.status !== 'pending')
    return { allowed: false, sentence: 'This grant is not waiting for a decision.', mayDeny: false };
  const judged = await judgeGrantVoter(tx, row, reader.id);
  if (judged.ok) return { allowed: true, sentence: '', mayDeny: true };
  return { allowed: false, sentence: judged.error.sentence, mayDeny: judged.error.mayDeny };
}
