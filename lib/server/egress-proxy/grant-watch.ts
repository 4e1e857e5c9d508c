// Server-only. Whether the grants under which connections are open still stand; asked, because a hint may be lost.
import type pg from 'pg';

type GrantVerdict = 'stands' | 'ended' | 'unknown';
type GrantWatch = {
  /** Names the grants that matter now; asks the database when the last answer is old. */
  look(grantIds: ReadonlySet<string>): void;
  /** What the database said last; `unknown` when it does not answer. */
  verdictOf(grantId: string): GrantVerdict;
};

/** With the sweep that asks and acts, an ended grant's connections are closed within 1.3 s. */
const ASK_EVERY_MS = 500;
/** As long as configuration that cannot be read is believed. */
const BELIEVED_MS = 1_000;
/** One whose last use opened the connection is used up as it should be: it ends with its time, or by a kill. */
const STANDING_SQL = `SELECT g.id::text FROM grants g
  WHERE g.id = ANY ($1::uuid[]) AND g.status IN ('active', 'used-up') AND g.expires_at > clock_timestamp()`;

/**
 * Watches grants while connections are open under them. Nothing is asked while there are none. A grant that ended does
 * not stand again, and a database that does not answer in time leaves all of them unknown.
 */
export function createGrantWatch(pool: Pick<pg.Pool, 'query'>): GrantWatch {
  let ended: ReadonlySet<string> = new Set();
  let asking = false;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  /** When the first question was asked that has had no answer yet. */
  let unansweredSinceMs: number | null = null;

  async function ask(ids: readonly string[]): Promise<void> {
    const { rows } = await pool.query<{ id: string }>(STANDING_SQL, [ids]);
    const standing = new Set(rows.map(({ id }) => id));
    ended = new Set(ids.filter((id) => !standing.has(id)));
    unansweredSinceMs = null;
  }

  return {
    look: (grantIds) => {
      if (grantIds.size === 0) {
        unansweredSinceMs = null;
        return;
      }
      const nowMs = performance.now();
      if (asking || nowMs - askedAtMs < ASK_EVERY_MS) return;
      asking = true;
      askedAtMs = nowMs;
      unansweredSinceMs ??= nowMs;
      // A question that failed is asked again; until one is answered, the time since the first of them counts.
      void ask([...grantIds])
        .catch(() => undefined)
        .finally(() => {
          asking = false;
        });
    },
    verdictOf: (grantId) => {
      if (ended.has(grantId)) return 'ended';
      const isLate = unansweredSinceMs !== null && performance.now() - unansweredSinceMs > BELIEVED_MS;
      return isLate ? 'unknown' : 'stands';
    },
  };
}
