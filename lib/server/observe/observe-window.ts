// Server-only. A row of observe_windows under lock.
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';

/** Two of these are asked for: it is a loosening. */
export const OBSERVE_ROLES = ['admin', 'security'] as const;
/** How long one that nobody confirmed can still be confirmed: later its reason is no longer the case. */
export const CONFIRMABLE_S = 24 * 60 * 60;
/** How long a person alone must wait, in a solo install, between opening and confirming. */
export const SOLO_WAIT_S = 60;

export type WindowRow = {
  readonly id: string;
  readonly scope: string;
  readonly rule_hash: string | null;
  readonly minutes: number;
  readonly opened_by: string | null;
  readonly opened_at: Date;
  readonly opened_solo: boolean;
  readonly starts_at: Date | null;
  readonly ends_at: Date | null;
  readonly ended_at: Date | null;
  readonly now: Date;
};

/** Whether somebody may open, confirm and end windows. */
export function mayObserve(actor: ConfigActor): boolean {
  return actor.kind === 'operator' || OBSERVE_ROLES.some((role) => actor.roles.includes(role));
}

/** Lets one transaction at a time open or move a window, so that a scope never has two. */
export async function lockObserve(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.observe'))`;
}

/** A window as it is now. Assumes the lock. */
export async function readWindow(tx: Tx, id: string): Promise<WindowRow | null> {
  const rows = await tx.$queryRaw<WindowRow[]>`
    SELECT id::text, scope, rule_hash, minutes, opened_by::text, opened_at, opened_solo, starts_at, ends_at, ended_at,
      clock_timestamp() AS now
    FROM observe_windows WHERE id = ${id}::uuid FOR UPDATE`;
  return rows[0] ?? null;
}
