// Server-only.
import type { ObserveList } from '#lib/contracts/exceptions.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { CONFIRMABLE_S, SOLO_WAIT_S } from './observe-window.ts';

/** The newest ones that are over; those that run or wait are always shown. */
const MOST_OVER = 50;

type Row = {
  id: string;
  scope: string;
  reason: string;
  minutes: number;
  opened_by: string | null;
  opener: string | null;
  opened_at: Date;
  opened_solo: boolean;
  confirmer: string | null;
  starts_at: Date | null;
  ends_at: Date | null;
  ended_at: Date | null;
  would_hold: number;
  would_deny: number;
};

/**
 * Windows, newest first, with what each let pass, counted from the log while it ran. Everybody sees all of them.
 * One that waited for a day without a second person counts as over.
 */
export async function listWindows(tx: Tx, principal: HumanPrincipal): Promise<ObserveList> {
  const solo = (await readSeparation(tx)) === 'solo';
  const rows = await tx.$queryRaw<Row[]>`
    WITH shown AS (
      SELECT w.*, coalesce(w.ended_at,
          CASE WHEN w.starts_at IS NULL THEN w.opened_at + make_interval(secs => ${CONFIRMABLE_S}) ELSE w.ends_at END) AS over_at
      FROM observe_windows w
    ), picked AS (
      (SELECT * FROM shown WHERE over_at > clock_timestamp())
      UNION ALL
      (SELECT * FROM shown WHERE over_at <= clock_timestamp() ORDER BY opened_at DESC LIMIT ${MOST_OVER})
    )
    SELECT p.id::text, p.scope, p.reason, p.minutes, p.opened_by::text, o.name AS opener, p.opened_at, p.opened_solo,
      CASE WHEN p.starts_at IS NULL THEN NULL ELSE coalesce(c.name, 'operator') END AS confirmer,
      p.starts_at, p.ends_at, CASE WHEN p.over_at <= clock_timestamp() THEN p.over_at END AS ended_at,
      counted.would_hold, counted.would_deny
    FROM picked p
    LEFT JOIN people o ON o.id = p.opened_by
    LEFT JOIN people c ON c.id = p.confirmed_by
    LEFT JOIN LATERAL (
      SELECT count(*) FILTER (WHERE e.decision = 'observed-hold')::int AS would_hold,
        count(*) FILTER (WHERE e.decision = 'observed-deny')::int AS would_deny
      FROM audit_entries e
      WHERE e.decision IN ('observed-hold', 'observed-deny') AND (e.entry::jsonb -> 'detail') ->> 'scope' = p.scope
        AND p.starts_at IS NOT NULL AND e.at >= p.starts_at AND e.at <= p.over_at
    ) counted ON true
    ORDER BY p.opened_at DESC, p.id DESC`;
  const now = await databaseNow(tx);
  return {
    items: rows.map((row) => {
      const mine = row.opened_by === principal.id;
      const waits = row.starts_at === null && row.ended_at === null;
      const alone = mine && solo && row.opened_solo;
      const confirmableAt = waits && alone ? new Date(row.opened_at.getTime() + SOLO_WAIT_S * 1000) : null;
      return {
        id: row.id,
        scope: row.scope,
        reason: row.reason,
        minutes: row.minutes,
        openedBy: row.opener ?? 'operator',
        openedByMe: mine,
        openedAt: row.opened_at.toISOString(),
        confirmedBy: row.confirmer,
        confirmableAt: confirmableAt?.toISOString() ?? null,
        startsAt: row.starts_at?.toISOString() ?? null,
        endsAt: row.ends_at?.toISOString() ?? null,
        endedAt: row.ended_at?.toISOString() ?? null,
        wouldHold: row.would_hold,
        wouldDeny: row.would_deny,
      };
    }),
    serverTime: now.toISOString(),
  };
}
