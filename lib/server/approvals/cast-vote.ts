// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { VoteAnswer, VoteBody } from '#lib/contracts/approvals.ts';
import type { ApprovalState } from '#lib/core/approvals/states.ts';
import { type CastVote, countQuorum, quorumMet, type Tally } from '#lib/core/approvals/votes.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import { type AuditEventInput, recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSeparation, type Separation } from '../people/read-separation.ts';
import type { AnswerRefusal } from './answer-once.ts';
import { judgeVoter, readVoters, type VoterFacts } from './judge-voter.ts';
import { readRequest } from './read-request.ts';

export type VoteInput = VoteBody & { readonly requestId: string };
type Deps = { readonly prisma: Database; readonly keys: Keys };

/** What a vote led to, decided under the lock; the record for the answer is read after the commit. */
type Verdict =
  | { readonly kind: 'voted'; readonly outcome: VoteAnswer['outcome'] }
  | { readonly kind: 'refused'; readonly refusal: AnswerRefusal };

type LockedRow = VoterFacts & {
  id: string;
  version: number;
  status: ApprovalState;
  call_id: string;
  agent_name: string;
  server_name: string;
  tool_name: string;
  session_key: string;
  digest: string;
  tier: Tier;
  action_class: ActionClass;
  rule: string;
  policy_version: number;
  quorum: number;
  now: Date;
};

/**
 * Casts one human's vote, and decides the request when it is enough.
 *
 * One transaction: the row is locked, the database's clock read, the voter judged by their row as it is now, the digest
 * compared with the one that was on the screen, the votes of distinct eligible humans counted, the state moved by one
 * conditional UPDATE with its audit rows. A deny decides alone and beats an approval until the call is consumed. In a
 * race the same decision is answered with the record, the opposite one refused with it. Refused votes are audited.
 */
export async function castVote(
  deps: Deps,
  principal: HumanPrincipal,
  input: VoteInput,
): Promise<Result<VoteAnswer, AnswerRefusal>> {
  const verdict = await withTx(deps.prisma, (tx) => decide(tx, deps.keys, principal, input));
  if (verdict.kind === 'refused' && verdict.refusal.code === 'not-found') return err(verdict.refusal);
  const record = await readRequest(deps.prisma, deps.keys, principal, input.requestId);
  if (record === null) return err({ code: 'not-found' });
  return verdict.kind === 'voted'
    ? ok({ outcome: verdict.outcome, record })
    : err({ ...verdict.refusal, extra: { record } });
}

async function decide(tx: Tx, keys: Keys, principal: HumanPrincipal, input: VoteInput): Promise<Verdict> {
  const row = await lockRequest(tx, input.requestId);
  if (row === null) return refuse({ code: 'not-found' });
  const separation = await readSeparation(tx);
  const voter = (await readVoters(tx, [principal.id])).get(principal.id) ?? null;
  const judged = judgeVoter(voter, row, separation);
  if (!judged.ok) return refuseVote(tx, keys, principal, row, input, judged.error.code, judged.error.sentence);
  if (input.digest !== row.digest) return refuseVote(tx, keys, principal, row, input, 'stale-digest');
  switch (row.status) {
    case 'pending':
      return countVote(tx, keys, { principal, row, input, separation });
    case 'approved':
      return input.decision === 'approve'
        ? voted('already')
        : countVote(tx, keys, { principal, row, input, separation });
    case 'denied':
      return input.decision === 'deny' ? voted('already') : refuse({ code: 'already-decided' });
    case 'consumed':
    case 'succeeded':
    case 'failed':
    case 'unknown-outcome':
      return input.decision === 'approve' ? voted('already') : refuse({ code: 'already-decided' });
    case 'expired':
    case 'expired-unused':
      return refuse({ code: 'approval-expired' });
    case 'withdrawn':
    case 'revoked':
      return refuse({ code: 'approval-withdrawn' });
    case 'superseded':
      return refuse({ code: 'stale-digest' });
    case 'killed':
      return refuse({ code: 'killed' });
  }
}

async function lockRequest(tx: Tx, id: string): Promise<LockedRow | null> {
  // The clock is read after the lock is held: a vote that waited past the expiry comes too late.
  await tx.$queryRaw`SELECT 1 FROM approval_requests WHERE id = ${id}::uuid FOR UPDATE`;
  const rows = await tx.$queryRaw<LockedRow[]>`
    SELECT r.id::text, r.version, r.call_id::text, r.agent_name, r.server_name, r.tool_name, r.session_key, r.digest,
      r.tier::text AS tier, r.action_class, r.rule, r.policy_version, r.quorum, r.on_behalf_of, r.opened_solo,
      r.agent_owner_id::text, a.owner_id::text AS current_owner_id, clock_timestamp() AS now,
      CASE WHEN r.status = 'pending' AND r.expires_at <= clock_timestamp() THEN 'expired'
           WHEN r.status = 'approved' AND r.approved_until <= clock_timestamp() THEN 'expired-unused'
           ELSE r.status::text END AS status
    FROM approval_requests r JOIN agents a ON a.id = r.agent_id WHERE r.id = ${id}::uuid`;
  return rows[0] ?? null;
}

type Cast = {
  readonly principal: HumanPrincipal;
  readonly row: LockedRow;
  readonly input: VoteInput;
  readonly separation: Separation;
};

async function countVote(tx: Tx, keys: Keys, cast: Cast): Promise<Verdict> {
  const { principal, row, input, separation } = cast;
  await tx.$executeRaw`
    INSERT INTO votes (id, request_id, person_id, decision, digest, reason, cast_at)
    VALUES (${randomUUIDv7()}::uuid, ${row.id}::uuid, ${principal.id}::uuid, ${input.decision}::vote_decision,
            ${input.digest}, ${input.reason ?? null}, clock_timestamp())
    ON CONFLICT (request_id, person_id) DO UPDATE SET decision = excluded.decision, digest = excluded.digest,
      reason = excluded.reason, cast_at = excluded.cast_at`;
  const tally = await tallyVotes(tx, row, separation);
  const quorum = { needed: row.quorum, approved: tally.approvals, voters: tally.approvers };
  const about = { ...factsOf(principal, row), quorum, separation, decision: input.decision };
  const reason =
    input.reason === undefined || input.reason === '' ? {} : { payload: canonicalJson({ reason: input.reason }) };
  await recordEvent(tx, keys, { ...about, ...reason, type: 'vote.cast' });
  const next = input.decision === 'deny' ? 'denied' : quorumMet(tally, row.quorum) ? 'approved' : null;
  await move(tx, row, next);
  if (next === null) return voted('counted');
  await recordEvent(tx, keys, { ...about, type: next === 'denied' ? 'request.denied' : 'request.approved' });
  return voted('decided');
}

async function tallyVotes(tx: Tx, row: LockedRow, separation: Separation): Promise<Tally> {
  const votes = await tx.$queryRaw<{ person_id: string; decision: CastVote['decision']; cast_at: Date; now: Date }[]>`
    SELECT person_id::text, decision::text AS decision, cast_at, clock_timestamp() AS now
    FROM votes WHERE request_id = ${row.id}::uuid AND digest = ${row.digest}`;
  const voters = await readVoters(
    tx,
    votes.map((vote) => vote.person_id),
  );
  const cast = votes.map((vote) => ({
    humanId: vote.person_id,
    decision: vote.decision,
    castAt: vote.cast_at.getTime(),
  }));
  // Both times come from one clock, but a column keeps milliseconds only and rounds up half of the time.
  const now = Math.max(row.now.getTime(), ...votes.map((vote) => vote.now.getTime() + 1));
  const eligible = (humanId: string) => judgeVoter(voters.get(humanId) ?? null, row, separation).ok;
  return countQuorum(cast, { now, eligible });
}

async function move(tx: Tx, row: LockedRow, next: 'approved' | 'denied' | null): Promise<void> {
  const moved = await tx.$queryRaw<{ version: number; status: string }[]>`
    UPDATE approval_requests SET version = version + 1,
      status = COALESCE(${next}::approval_status, status),
      decided_at = CASE WHEN ${next}::text IS NULL THEN decided_at ELSE clock_timestamp() END,
      approved_until = CASE WHEN ${next}::text = 'approved'
        THEN clock_timestamp() + make_interval(secs => approved_ttl_s) ELSE approved_until END
    WHERE id = ${row.id}::uuid AND status = ${row.status}::approval_status AND version = ${row.version}
    RETURNING version, status::text AS status`;
  const after = moved[0];
  // Under the row's lock nobody else can have moved it; if somebody did, nothing of this vote may stand.
  if (after === undefined) throw new Error('The request changed under its lock.');
  await notify(tx, 'cs_approval', { id: row.id, version: after.version, status: after.status });
}

async function refuseVote(
  tx: Tx,
  keys: Keys,
  principal: HumanPrincipal,
  row: LockedRow,
  input: VoteInput,
  code: AnswerRefusal['code'],
  detail?: string,
): Promise<Verdict> {
  await recordEvent(tx, keys, {
    ...factsOf(principal, row),
    type: 'vote.refused',
    decision: input.decision,
    code,
    detail: { shownDigest: input.digest },
  });
  return refuse({ code, detail });
}

function factsOf(principal: HumanPrincipal, row: LockedRow): Omit<AuditEventInput, 'type'> {
  return {
    actor: { type: 'person', id: principal.id, name: principal.name },
    session: row.session_key,
    agent: row.agent_name,
    server: row.server_name,
    tool: row.tool_name,
    callId: row.call_id,
    requestId: row.id,
    tier: row.tier,
    actionClass: row.action_class,
    digest: row.digest,
    rule: row.rule,
    policyVersion: row.policy_version,
  };
}

function voted(outcome: VoteAnswer['outcome']): Verdict {
  return { kind: 'voted', outcome };
}

function refuse(refusal: AnswerRefusal): Verdict {
  return { kind: 'refused', refusal };
}
