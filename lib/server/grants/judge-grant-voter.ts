// Server-only. Who may vote on a grant: whoever may vote on the calls that it would let run.
import { judgeQuorum, type QuorumVerdict, type SeatVote } from '#lib/core/approvals/quorum.ts';
import { err, type Result } from '#lib/core/result.ts';
import { holdPeople, judgeVoter, LOOSENED, type VoterRefusal } from '../approvals/judge-voter.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { loosenedBy } from '../policies/loosened-by.ts';
import { readSubjectTools } from './grant-need.ts';
import type { LockedGrant } from './lock-grant.ts';

/**
 * The exclusions of votes on requests, for a grant: the agent's owner then and now and who speaks for them, whoever lost
 * the role, and who within the last day made approvable what the grant covers. What bars approving only leaves the denial.
 */
export async function judgeGrantVoter(
  tx: Tx,
  row: LockedGrant,
  personId: string,
  decision: 'approve' | 'deny' = 'approve',
): Promise<Result<true, VoterRefusal>> {
  const judged = await judgeVoter(tx, personId, { ...row, on_behalf_of: null }, decision);
  if (!judged.ok || decision === 'deny') return judged;
  return (await loosenersOf(tx, row)).has(personId) ? err(LOOSENED) : judged;
}

type VoteRow = {
  person_id: string;
  human_key: string;
  groups: string[];
  decision: 'approve' | 'deny';
  cast_at: Date;
  step_up: boolean;
};

/** Counts the votes on a grant as they stand now, of people who may still cast them; each human once. */
export async function tallyGrant(tx: Tx, row: LockedGrant): Promise<QuorumVerdict> {
  const voters = await tx.grantVote.findMany({ where: { grantId: row.id }, select: { personId: true } });
  await holdPeople(
    tx,
    voters.map((voter) => voter.personId),
  );
  const votes = await tx.$queryRaw<VoteRow[]>`
    SELECT v.person_id::text, human_key(p.id), p.groups,
      v.decision::text AS decision, v.cast_at, v.step_up
    FROM grant_votes v JOIN people p ON p.id = v.person_id
    WHERE v.grant_id = ${row.id}::uuid AND v.digest = ${row.digest}
      AND voter_exclusion(p.id, ${row.agent_id}::uuid, ${row.agent_owner_id}::uuid, NULL, ${row.opened_solo}) IS NULL`;
  const looseners = votes.length === 0 ? new Set<string>() : await loosenersOf(tx, row);
  const seats = votes
    .filter((vote) => !looseners.has(vote.person_id))
    .map(
      (vote): SeatVote => ({
        casterId: vote.person_id,
        seatId: vote.person_id,
        humanKey: vote.human_key,
        groups: vote.groups,
        decision: vote.decision,
        castAtMs: vote.cast_at.getTime(),
        stepUp: vote.step_up,
      }),
    );
  const { quorum, factors, step_up: stepUp, vote_ttl_s: voteTtlS } = row;
  // One clock, but a column keeps milliseconds only and rounds up half of the time.
  const now = row.now.getTime();
  const nowMs = Math.max(now, ...seats.map((seat) => Math.min(seat.castAtMs, now + 1)));
  return judgeQuorum(seats, { quorum, factors, stepUp, voteTtlS }, { nowMs, escalatedGroups: [] });
}

async function loosenersOf(tx: Tx, row: LockedGrant): Promise<ReadonlySet<string>> {
  const subject = { tool: row.tool_name, actionClass: row.action_class };
  const people = new Set<string>();
  if (row.opened_solo && (await readSeparation(tx)) === 'solo') return people;
  for (const tool of await readSubjectTools(tx, row.server_id, subject)) {
    const { name, tier, actionClass } = tool;
    const call = { agent: row.agent_name, server: row.server_name, tool: name, tier, actionClass };
    for (const person of await loosenedBy(tx, call)) people.add(person);
  }
  return people;
}
