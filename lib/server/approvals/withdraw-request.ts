// Server-only.
import type pg from 'pg';
import type { InboxRow } from '../audit/record-event.ts';

export type WithdrawInput = {
  readonly requestId: string;
  /** Only the agent that asked may take back. */
  readonly agentId: string;
  /** The event for a request nobody had decided, and the one for an approval that was not used yet. */
  readonly withdrawn: InboxRow;
  readonly revoked: InboxRow;
};

const WITHDRAW_SQL = `WITH open AS (
    SELECT id, status FROM approval_requests
    WHERE id = $1::uuid AND agent_id = $2::uuid AND status IN ('pending', 'approved') FOR UPDATE
  ), ended AS (
    UPDATE approval_requests r SET version = r.version + 1,
      status = (CASE WHEN open.status = 'pending' THEN 'withdrawn' ELSE 'revoked' END)::approval_status
    FROM open WHERE r.id = open.id RETURNING r.id, r.version, r.status::text AS status
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload)
    SELECT CASE WHEN status = 'withdrawn' THEN $3 ELSE $6 END, CASE WHEN status = 'withdrawn' THEN $4::bytea ELSE $7::bytea END,
      CASE WHEN status = 'withdrawn' THEN $5::bytea ELSE $8::bytea END FROM ended
  )
  SELECT pg_notify('cs_approval', json_build_object('id', id, 'version', version, 'status', status)::text) FROM ended`;

/**
 * Takes a request back for the agent that asked: pending → withdrawn, approved but unused → revoked.
 * Returns false when there was nothing to take back (decided otherwise, already running, somebody else's).
 */
export async function withdrawRequest(pool: pg.Pool, input: WithdrawInput): Promise<boolean> {
  const { withdrawn, revoked } = input;
  const ended = await pool.query(WITHDRAW_SQL, [
    input.requestId,
    input.agentId,
    withdrawn.event,
    withdrawn.salt,
    withdrawn.payload,
    revoked.event,
    revoked.salt,
    revoked.payload,
  ]);
  return ended.rowCount === 1;
}
