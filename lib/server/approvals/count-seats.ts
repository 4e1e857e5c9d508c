// Server-only. The votes on a request as they count now.
import { judgeQuorum, type QuorumVerdict, type SeatVote } from '#lib/core/approvals/quorum.ts';
import { totalOf } from '#lib/core/approvals/terms.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import type { AuditEventInput } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import { escalatedGroups } from './escalation.ts';
import { holdPeople } from './judge-voter.ts';

export type Seat = SeatVote & { readonly breakGlass: boolean };
export type Count = QuorumVerdict & {
  readonly needed: number;
  /** Whose vote counts now, for or against. */
  readonly counting: ReadonlySet<string>;
};

/** The votes of people who may decide, each with whose place it fills, and the database's time. */
export async function readSeats(tx: Tx, requestId: string): Promise<readonly Seat[]> {
  const rows = await tx.$queryRaw<
    {
      caster_id: string;
      seat_id: string;
      human_key: string;
      groups: string[];
      decision: SeatVote['decision'];
      cast_at: Date;
      step_up: boolean;
      break_glass: boolean;
    }[]
  >`SELECT caster_id::text, seat_id::text, human_key, groups, decision, cast_at, step_up, break_glass
    FROM approval_seats(${requestId}::uuid)`;
  return rows.map((row) => ({
    casterId: row.caster_id,
    seatId: row.seat_id,
    humanKey: row.human_key,
    groups: row.groups,
    decision: row.decision,
    castAtMs: row.cast_at.getTime(),
    stepUp: row.step_up,
    breakGlass: row.break_glass,
  }));
}

/** Locks the rows of everybody who has voted or been voted for, before their seats are read. */
export async function holdVoters(tx: Tx, requestId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT unnest(ARRAY[person_id, for_person_id])::text AS id FROM votes WHERE request_id = ${requestId}::uuid`;
  await holdPeople(
    tx,
    rows.flatMap((row) => (row.id === null ? [] : [row.id])),
  );
}

/**
 * Counts seats against terms. Whoever is in `without` does not count, neither as the caster nor as the seat.
 * A vote under a break-glass session that was proven with a passkey fills any quorum, and never beats a denial.
 */
export function countSeats(
  seats: readonly Seat[],
  terms: HoldTerms,
  at: {
    readonly nowMs: number;
    readonly frozen: HoldTerms;
    readonly stepsTaken: number;
    readonly without: readonly string[];
  },
): Count {
  const counted = seats.filter(
    ({ casterId, seatId }) => !at.without.includes(casterId) && !at.without.includes(seatId),
  );
  // All times come from one clock, but a column keeps milliseconds only and rounds up half of the time.
  const nowMs = Math.max(at.nowMs, ...counted.map((seat) => Math.min(seat.castAtMs, at.nowMs + 1)));
  const escalated = escalatedGroups(at.frozen.escalation, at.stepsTaken, terms);
  const verdict = judgeQuorum(counted, terms, { nowMs, escalatedGroups: escalated });
  const emergencies = counted.filter(
    (seat) =>
      seat.decision === 'approve' && seat.breakGlass && seat.stepUp && nowMs - seat.castAtMs < terms.voteTtlS * 1000,
  );
  const against = counted.filter((seat) => seat.decision === 'deny');
  return {
    ...verdict,
    met: verdict.met || (emergencies.length > 0 && !verdict.denied),
    needed: totalOf(terms),
    counting: new Set([...verdict.approvers, ...[...emergencies, ...against].map((seat) => seat.casterId)]),
  };
}

/** A count as the log keeps it. */
export function quorumOf(count: Count): NonNullable<AuditEventInput['quorum']> {
  return { needed: count.needed, approved: count.approvals, voters: count.approvers };
}
