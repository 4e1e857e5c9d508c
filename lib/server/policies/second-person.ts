// Server-only. Who may let a loosening in: the one place that says it, for the refusal and for the page.
import type { Role } from '#lib/contracts/shared-shapes.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import type { Separation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';
import type { PolicyRow } from './policy-rows.ts';

export const APPROVER_ROLES = ['admin', 'security'] as const satisfies readonly Role[];
/** How long a person alone must wait, in a solo install, between proposing and approving. */
export const SOLO_WAIT_S = 60;

export type SecondPerson =
  | { readonly kind: 'allowed' }
  /** The author of a solo install: with the password proven after `proposedAt`, from this time on. */
  | { readonly kind: 'alone'; readonly from: Date; readonly provenSince: Date }
  | { readonly kind: 'author' }
  | { readonly kind: 'role' };

/** Whether somebody may approve policies at all: admin or security, or the operator at the host. */
export function mayApprovePolicies(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || APPROVER_ROLES.some((role) => actor.roles.includes(role));
}

/**
 * Judges who comes second. Two accounts of one human are one person, and so is the operator at the host. The solo rule holds only for
 * what was proposed while solo and is decided while solo: otherwise whoever locks the others out for a moment is alone.
 */
export async function judgeSecondPerson(
  tx: Tx,
  row: Pick<PolicyRow, 'createdBy' | 'proposedAt' | 'proposedSolo'>,
  actor: ConfigActor,
  separation: Separation,
): Promise<SecondPerson> {
  if (!mayApprovePolicies(actor)) return { kind: 'role' };
  if (!(await isSameHuman(tx, row.createdBy, personIdOf(actor)))) return { kind: 'allowed' };
  if (separation !== 'solo' || !row.proposedSolo || row.proposedAt === null) return { kind: 'author' };
  return { kind: 'alone', from: new Date(row.proposedAt.getTime() + SOLO_WAIT_S * 1000), provenSince: row.proposedAt };
}
