// Server-only.
import type { BreakGlass } from '#lib/contracts/exceptions.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { judgeOpener } from './judge-opener.ts';

/** The newest ones that are over and reviewed; open and unreviewed ones are always shown. */
const MOST_SETTLED = 50;

type Row = {
  id: string;
  person: string;
  person_id: string;
  reason: string;
  ticket: string;
  opened_at: Date;
  ends_at: Date;
  ended_at: Date | null;
  active: boolean;
  decisions: number;
  review_due: Date;
  reviewer: string | null;
  review_note: string | null;
  overdue: boolean;
};

/** Emergencies, newest first, and whether the reader may open one. Everybody sees all of them: they are nobody's secret. */
export async function readBreakGlass(tx: Tx, principal: HumanPrincipal): Promise<BreakGlass> {
  const settings = await tx.settings.findUniqueOrThrow({ where: { id: 1 } });
  const may = await judgeOpener(tx, principal.id);
  const rows = await tx.$queryRaw<Row[]>`
    SELECT b.id::text, p.name AS person, b.person_id::text, b.reason, b.ticket, b.opened_at, b.ends_at, b.ended_at,
      b.ended_at IS NULL AND b.ends_at > clock_timestamp() AND s.break_glass_enabled AS active,
      (SELECT count(*)::int FROM votes v WHERE v.break_glass_id = b.id) AS decisions,
      b.review_due, r.name AS reviewer, b.review_note,
      b.reviewed_at IS NULL AND b.review_due <= clock_timestamp() AS overdue
    FROM break_glass b JOIN people p ON p.id = b.person_id JOIN settings s ON s.id = 1
    LEFT JOIN people r ON r.id = b.reviewed_by
    WHERE b.reviewed_at IS NULL
       OR b.id IN (SELECT id FROM break_glass WHERE reviewed_at IS NOT NULL ORDER BY opened_at DESC LIMIT ${MOST_SETTLED})
    ORDER BY b.opened_at DESC`;
  return {
    enabled: settings.breakGlassEnabled,
    group: settings.breakGlassGroup,
    mayOpen: may.ok
      ? { allowed: true, sentence: 'You may open an emergency of at most 15 minutes.' }
      : { allowed: false, sentence: may.error.detail },
    sessions: rows.map((row) => ({
      id: row.id,
      person: row.person,
      mine: row.person_id === principal.id,
      reason: row.reason,
      ticket: row.ticket,
      openedAt: row.opened_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
      active: row.active,
      decisions: row.decisions,
      reviewDue: row.review_due.toISOString(),
      reviewedBy: row.reviewer,
      reviewNote: row.review_note,
      overdue: row.overdue,
    })),
    serverTime: (await databaseNow(tx)).toISOString(),
  };
}
