// Server-only.
import type pg from 'pg';
import type { InboxRow } from '../audit/record-event.ts';
import { inboxColumns } from './inbox-columns.ts';

export type FinishInput = {
  readonly requestId: string;
  readonly status: 'succeeded' | 'failed' | 'unknown-outcome';
  /** Only if this process consumed it; absent where the caller knows that it did. */
  readonly consumedBy?: string;
  /** Inserted by the same statement: the call's outcome and the request's end. */
  readonly rows: readonly InboxRow[];
};

const FINISH_SQL = `WITH ended AS (
    UPDATE approval_requests SET status = $2::approval_status, finished_at = clock_timestamp(), version = version + 1
    WHERE id = $1::uuid AND status = 'consumed' AND ($6::uuid IS NULL OR consumed_by = $6::uuid)
    RETURNING id, version, status::text AS status
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload)
    SELECT e.event, e.salt, e.payload FROM ended, unnest($3::text[], $4::bytea[], $5::bytea[]) AS e (event, salt, payload)
  )
  SELECT pg_notify('cs_approval', json_build_object('id', id, 'version', version, 'status', status)::text) FROM ended`;

/**
 * Closes a consumed request with its outcome, record and change in one statement; durable when it resolves.
 *
 * Returns false when the request is no longer `consumed`: the worker has already written `unknown-outcome`, and that
 * stands, so the caller must not release an answer as if it were recorded.
 */
export async function finishRequest(pool: pg.Pool, input: FinishInput): Promise<boolean> {
  const ended = await pool.query({
    name: 'finish-request',
    text: FINISH_SQL,
    values: [input.requestId, input.status, ...inboxColumns(input.rows), input.consumedBy ?? null],
  });
  return ended.rowCount === 1;
}
