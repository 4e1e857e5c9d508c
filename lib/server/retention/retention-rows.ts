// Server-only. Changes of the retention rule under their lock, and which one is in force.
import type { Tx } from '../db/tx.ts';
import type { RetentionChange } from '../generated/prisma/client.ts';

/** What was agreed on and erases more waits so long: nothing brings erased evidence back, and a day lets somebody object. */
export const GRACE_HOURS = 24;

/** Lets one transaction at a time propose, decide or take back. */
export async function lockRetention(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.retention'))`;
}

/** The rule in force: the newest approved change whose time has come. Without one everything is kept. */
export async function readRule(tx: Pick<Tx, 'retentionChange'>, now: Date): Promise<RetentionChange | null> {
  return tx.retentionChange.findFirst({
    where: { status: 'approved', effectiveAt: { lte: now } },
    orderBy: [{ effectiveAt: 'desc' }, { id: 'desc' }],
  });
}

/** The change that waits: for a second person, or approved and for its time. There is one at most. */
export async function readOpenChange(tx: Pick<Tx, 'retentionChange'>, now: Date): Promise<RetentionChange | null> {
  return tx.retentionChange.findFirst({
    where: { OR: [{ status: 'proposed' }, { status: 'approved', effectiveAt: { gt: now } }] },
    orderBy: { proposedAt: 'desc' },
  });
}

/** Whether a rule of `after` days erases what one of `before` days keeps. Null keeps everything. */
export function erasesMore(before: number | null, after: number | null): boolean {
  if (after === null) return false;
  return before === null || after < before;
}

/** As the log writes it. */
export function daysText(days: number | null): string {
  return days === null ? 'for ever' : `${days} days`;
}
