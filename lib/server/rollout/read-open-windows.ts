// Server-only.
import type { Rollout } from '#lib/contracts/rollout.ts';
import type { Tx } from '../db/tx.ts';
import { CONFIRMABLE_S } from '../observe/observe-window.ts';

type OpenWindow = Rollout['controls'][number]['windows'][number];
type Row = {
  id: string;
  scope: string;
  minutes: number;
  opener: string | null;
  opened_at: Date;
  confirmer: string | null;
  starts_at: Date | null;
  ends_at: Date | null;
};

/** Windows that run or still wait for their second person, oldest first; what passed in them is /exceptions' to count. */
export async function readOpenWindows(tx: Tx): Promise<OpenWindow[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT w.id::text, w.scope, w.minutes, o.name AS opener, w.opened_at,
      CASE WHEN w.starts_at IS NULL THEN NULL ELSE coalesce(c.name, 'operator') END AS confirmer, w.starts_at, w.ends_at
    FROM observe_windows w LEFT JOIN people o ON o.id = w.opened_by LEFT JOIN people c ON c.id = w.confirmed_by
    WHERE w.ended_at IS NULL AND CASE WHEN w.starts_at IS NULL
        THEN w.opened_at > clock_timestamp() - make_interval(secs => ${CONFIRMABLE_S}) ELSE w.ends_at > clock_timestamp() END
    ORDER BY w.opened_at, w.id`;
  return rows.map((row) => ({
    id: row.id,
    scope: row.scope,
    running: row.starts_at !== null,
    openedBy: row.opener ?? 'operator',
    openedAt: row.opened_at.toISOString(),
    confirmedBy: row.confirmer,
    endsAt: row.ends_at?.toISOString() ?? null,
    minutes: row.minutes,
  }));
}
