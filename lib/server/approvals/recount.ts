// Server-only. Where a locked request stands now: what policy asks for, and what its votes amount to.
import type { AuditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSeparation } from '../people/read-separation.ts';
import { loosenedBy } from '../policies/loosened-by.ts';
import { type Count, countSeats, holdVoters, quorumOf, readSeats, type Seat } from './count-seats.ts';
import { factsOf, type LockedRequest, moveRequest } from './locked-request.ts';
import { type HeldFacts, type TermsNow, termsNow } from './terms-now.ts';

type SigningKeys = Pick<Keys, 'masterKey'>;
export type Standing = TermsNow & {
  readonly separation: 'solo' | 'full';
  /** People who made the call approvable within a day; they do not count. */
  readonly loosened: readonly string[];
};

/** What policy asks for now, and who may not decide because of what they did to it. For a decision, assumes the request's lock. */
export async function readStanding(
  tx: Tx,
  keys: SigningKeys,
  row: HeldFacts & Pick<LockedRequest, 'opened_solo'>,
): Promise<Standing> {
  const now = await termsNow(tx, keys, row);
  const separation = await readSeparation(tx);
  const isSolo = separation === 'solo' && row.opened_solo;
  return { ...now, separation, loosened: isSolo ? [] : await loosenedBy(tx, now.call) };
}

/** Counts the votes as they stand, under locked rows of everybody they depend on. */
export async function recount(tx: Tx, row: LockedRequest, standing: Standing): Promise<Count> {
  await holdVoters(tx, row.id);
  const seats: readonly Seat[] = await readSeats(tx, row.id);
  const nowMs = (await databaseNow(tx)).getTime();
  return countSeats(seats, standing.terms, {
    nowMs,
    frozen: row.frozen,
    stepsTaken: row.escalation_step,
    without: standing.loosened,
  });
}

/**
 * Approves a waiting request whose votes have become enough without a new one: more groups count since an escalation.
 * Otherwise only passes on that something beside the state has changed. Returns whether it was approved.
 */
export async function settle(tx: Tx, keys: SigningKeys, actor: AuditActor, row: LockedRequest): Promise<boolean> {
  const standing = await readStanding(tx, keys, row);
  const count = await recount(tx, row, standing);
  if (!count.met || standing.denied) {
    await moveRequest(tx, row, { to: null });
    return false;
  }
  await moveRequest(tx, row, { to: 'approved', terms: standing.terms });
  await recordEvent(tx, keys, {
    ...factsOf(actor, row),
    type: 'request.approved',
    decision: 'approve',
    separation: standing.separation,
    quorum: quorumOf(count),
  });
  return true;
}
