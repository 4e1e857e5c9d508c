// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { VoteAnswer, VoteBody } from '#lib/contracts/approvals.ts';
import { voteSubject } from '#lib/core/approvals/step-up.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { activeBreakGlass } from '../break-glass/active.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { type StepUpRefusal, verifyAssertion } from '../passkeys/verify-assertion.ts';
import type { AnswerRefusal } from './answer-once.ts';
import { quorumOf } from './count-seats.ts';
import { judgeSeat, judgeVoter, LOOSENED } from './judge-voter.ts';
import { factsOf, type LockedRequest, lockRequest, moveRequest } from './locked-request.ts';
import { readRequest } from './read-request.ts';
import { readStanding, recount, type Standing } from './recount.ts';

export type VoteInput = VoteBody & { readonly requestId: string };
/** `consoleUrl` is where passkeys live; without it no assertion can be right. */
export type VoteDeps = { readonly prisma: Database; readonly keys: Keys; readonly consoleUrl?: string | undefined };

/** How a vote is cast: alone, as one of many at once, or to take an approval back. */
export type VoteManner = 'single' | 'batch' | 'veto';

/** What a vote led to, decided under the lock; the record for the answer is read after the commit. */
export type VoteVerdict =
  | { readonly kind: 'voted'; readonly outcome: VoteAnswer['outcome'] }
  | { readonly kind: 'refused'; readonly refusal: AnswerRefusal };
/** What the assertion that came with a vote is worth; absent when none came. */
type Proof = Result<{ readonly evidence: JsonObject }, StepUpRefusal> | null;

/**
 * Casts one human's vote, and decides the request when it is enough.
 *
 * One transaction: the row is locked, the database's clock read, the voter judged by their row as it is now, the digest
 * compared with the one that was on the screen, the policy in force asked again, the seats counted, the state moved by one
 * conditional UPDATE with its audit rows. A deny decides alone and beats an approval until the call is consumed. In a
 * race the same decision is answered with the record, the opposite one refused with it. An approval needs a passkey
 * where the terms of then or now ask for one. Refused votes are audited.
 */
export async function castVote(
  deps: VoteDeps,
  principal: HumanPrincipal,
  input: VoteInput,
  manner: VoteManner = 'single',
): Promise<Result<VoteAnswer, AnswerRefusal>> {
  const verdict = await decideVote(deps, principal, input, manner);
  if (verdict.kind === 'refused' && verdict.refusal.code === 'not-found') return err(verdict.refusal);
  const record = await readRequest(deps.prisma, deps.keys, principal, input.requestId);
  if (record === null) return err({ code: 'not-found' });
  return verdict.kind === 'voted'
    ? ok({ outcome: verdict.outcome, record })
    : err({ ...verdict.refusal, extra: { record } });
}

/** The same without the record of the answer, for whoever casts many. */
export async function decideVote(
  deps: VoteDeps,
  principal: HumanPrincipal,
  input: VoteInput,
  manner: VoteManner,
): Promise<VoteVerdict> {
  const proof = await checkProof(deps, principal, input);
  return withTx(deps.prisma, async (tx) => {
    const row = await lockRequest(tx, input.requestId);
    if (row === null) return refuse({ code: 'not-found' });
    const vote = { tx, keys: deps.keys, principal, row, input, manner, proof };
    const judged = await judgeVoter(tx, principal.id, row, input.decision);
    if (!judged.ok) return refuseVote(vote, judged.error.code, judged.error.sentence);
    if (input.digest !== row.digest) return refuseVote(vote, 'stale-digest');
    return judgeState(vote);
  });
}

/**
 * Looks at the assertion before anything is locked: its challenge is burned in a transaction of its own, and a connection
 * waited for under a lock would be one that another vote holds.
 */
async function checkProof(deps: VoteDeps, principal: HumanPrincipal, input: VoteInput): Promise<Proof> {
  if (input.assertion === undefined || input.assertion === null) return null;
  const { consoleUrl } = deps;
  if (consoleUrl === undefined) return err({ code: 'step-up-failed' });
  const { requestId: id, digest, decision, breakGlass, forPersonId } = input;
  const subject = voteSubject({ id, digest, decision, breakGlass, forPersonId });
  const said = { personId: principal.id, purpose: 'vote', subject, assertion: input.assertion } as const;
  return withTx(deps.prisma, (tx) => verifyAssertion(tx, { ...deps, consoleUrl }, said));
}

type Vote = {
  readonly tx: Tx;
  readonly keys: Keys;
  readonly principal: HumanPrincipal;
  readonly row: LockedRequest;
  readonly input: VoteInput;
  readonly manner: VoteManner;
  readonly proof: Proof;
};

function judgeState(vote: Vote): VoteVerdict | Promise<VoteVerdict> {
  const { decision } = vote.input;
  switch (vote.row.status) {
    case 'pending':
      return vote.manner === 'veto'
        ? refuse({ code: 'conflict', detail: 'Nobody has approved this; deny it instead.' })
        : countVote(vote);
    case 'approved':
      return decision === 'approve' ? voted('already') : countVote(vote);
    case 'denied':
      return decision === 'deny' ? voted('already') : refuse({ code: 'already-decided' });
    case 'consumed':
    case 'succeeded':
    case 'failed':
    case 'unknown-outcome':
      return decision === 'approve' ? voted('already') : refuse({ code: 'already-decided' });
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

async function countVote(vote: Vote): Promise<VoteVerdict> {
  const { tx, keys, principal, row, input } = vote;
  const standing = await readStanding(tx, keys, row);
  const refused = judgeApproval(vote, standing);
  if (refused !== null) return refuseVote(vote, refused.code, refused.detail);
  const { forPersonId, decision } = input;
  const seat = forPersonId === undefined ? null : await judgeSeat(tx, principal.id, forPersonId, row, decision);
  if (seat !== null && !seat.ok) return refuseVote(vote, seat.error.code, seat.error.sentence);
  const emergency = input.breakGlass === true ? await activeBreakGlass(tx, principal.id) : null;
  if (input.breakGlass === true && emergency === null) {
    return refuseVote(vote, 'not-allowed', 'You have no emergency open.');
  }
  await writeVote(vote, emergency?.id ?? null);
  const count = await recount(tx, row, standing);
  const about = {
    ...factsOf(auditActor(principal), row),
    quorum: quorumOf(count),
    separation: standing.separation,
    decision: input.decision,
    detail: {
      ...(seat === null ? {} : { for: seat.value.name, forId: input.forPersonId ?? null }),
      ...(vote.proof === null ? {} : { stepUp: true }),
      ...(emergency === null ? {} : { breakGlass: emergency.id }),
    },
  };
  await recordEvent(tx, keys, { ...about, ...sealedPart(vote), type: 'vote.cast' });
  const next = input.decision === 'deny' ? 'denied' : count.met ? 'approved' : null;
  await moveRequest(tx, row, next === 'approved' ? { to: next, terms: standing.terms } : { to: next });
  if (next === null) return voted('counted');
  const type = next === 'approved' ? 'request.approved' : vote.manner === 'veto' ? 'request.vetoed' : 'request.denied';
  await recordEvent(tx, keys, { ...about, type });
  return voted('decided');
}

/** What stands against this vote beside who casts it; null when nothing does. */
function judgeApproval(vote: Vote, standing: Standing): AnswerRefusal | null {
  const { input, manner, proof, row, principal } = vote;
  const refuses = (code: AnswerRefusal['code'], detail?: string): AnswerRefusal => ({ code, detail });
  if (proof !== null && !proof.ok) return refuses(proof.error.code);
  if (input.decision === 'deny') return null;
  const { loosened } = standing;
  if (loosened.includes(principal.id) || (input.forPersonId !== undefined && loosened.includes(input.forPersonId))) {
    return refuses(LOOSENED.code, LOOSENED.sentence);
  }
  if (row.status === 'pending' && isPastExpiry(row, standing)) {
    return refuses('approval-expired', 'Policy leaves less time by now, and it is over.');
  }
  if (standing.denied) return refuses('denied-by-policy', 'Policy denies such a call by now.');
  const needsPasskey = standing.terms.stepUp === 'passkey' || input.breakGlass === true;
  if (manner === 'batch') {
    if (needsPasskey) return refuses('step-up-required', 'This needs a passkey, so it is approved on its own.');
    if (row.tier === 'high' || standing.call.tier === 'high') {
      return refuses('not-allowed', 'A high-tier call is approved on its own.');
    }
  }
  if (needsPasskey && proof === null) return refuses('step-up-required', 'Approving this needs your passkey.');
  return null;
}

/** Whether the wait that policy allows by now is over; the row knows only the one it was held with. */
function isPastExpiry(row: LockedRequest, { terms }: Standing): boolean {
  return row.now.getTime() >= row.requested_at.getTime() + terms.pendingTtlS * 1000;
}

async function writeVote(vote: Vote, breakGlassId: string | null): Promise<void> {
  const { row, principal, input, proof } = vote;
  const evidence = proof?.ok === true ? JSON.stringify(proof.value.evidence) : null;
  await vote.tx.$executeRaw`
    INSERT INTO votes (id, request_id, person_id, for_person_id, decision, digest, reason, cast_at, step_up, assertion,
      break_glass_id)
    VALUES (${randomUUIDv7()}::uuid, ${row.id}::uuid, ${principal.id}::uuid, ${input.forPersonId ?? null}::uuid,
      ${input.decision}::vote_decision, ${input.digest}, ${input.reason ?? null}, clock_timestamp(),
      ${evidence !== null}, ${evidence}::jsonb, ${breakGlassId}::uuid)
    ON CONFLICT (request_id, person_id) DO UPDATE SET decision = excluded.decision, digest = excluded.digest,
      reason = excluded.reason, cast_at = excluded.cast_at, for_person_id = excluded.for_person_id,
      step_up = excluded.step_up, assertion = excluded.assertion, break_glass_id = excluded.break_glass_id,
      withdrawn_at = NULL`;
}

/** What belongs to the record and not into the open log: the reviewer's words, and the proof of their presence. */
function sealedPart(vote: Vote): { readonly payload?: string } {
  const { reason } = vote.input;
  const sealed: JsonObject = {
    ...(reason === undefined || reason === '' ? {} : { reason }),
    ...(vote.proof?.ok === true ? { assertion: vote.proof.value.evidence } : {}),
  };
  return Object.keys(sealed).length === 0 ? {} : { payload: canonicalJson(sealed) };
}

async function refuseVote(vote: Vote, code: AnswerRefusal['code'], detail?: string): Promise<VoteVerdict> {
  await recordEvent(vote.tx, vote.keys, {
    ...factsOf(auditActor(vote.principal), vote.row),
    type: 'vote.refused',
    decision: vote.input.decision,
    code,
    detail: { shownDigest: vote.input.digest },
  });
  return refuse({ code, detail });
}

function voted(outcome: VoteAnswer['outcome']): VoteVerdict {
  return { kind: 'voted', outcome };
}

function refuse(refusal: AnswerRefusal): VoteVerdict {
  return { kind: 'refused', refusal };
}
