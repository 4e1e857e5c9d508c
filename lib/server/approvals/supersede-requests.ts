// Server-only. Requests that a new one leaves behind: out of date, or named as replaced.
import type pg from 'pg';
import { buildInboxRow, type EventKeys, type InboxRow } from '../audit/record-event.ts';
import { agentEvent, type CallFacts, systemEvent } from '../calls/call-events.ts';
import { inboxColumns } from './inbox-columns.ts';
import type { OpenRequestInput } from './open-request.ts';

const RETIRE_SQL = `WITH due AS (
    SELECT id, status, expires_at, approved_until FROM approval_requests
    WHERE attach_key = $1 AND status IN ('pending', 'approved') FOR UPDATE
  ) UPDATE approval_requests r SET version = r.version + 1, status = (CASE
      WHEN due.status = 'pending' AND due.expires_at <= clock_timestamp() THEN 'expired'
      WHEN due.status = 'approved' AND due.approved_until <= clock_timestamp() THEN 'expired-unused'
      WHEN due.status = 'pending' THEN 'superseded' ELSE 'revoked' END)::approval_status
    FROM due WHERE r.id = due.id AND (
      (due.status = 'pending' AND due.expires_at <= clock_timestamp()) OR
      (due.status = 'approved' AND due.approved_until <= clock_timestamp()) OR
      r.tool_digest <> $2 OR r.server_config_hash <> $3)
    RETURNING r.id, r.call_id, r.version, r.status::text AS status, r.digest`;
const SUPERSEDE_SQL = `UPDATE approval_requests r SET version = r.version + 1, superseded_by = $3, finished_at = clock_timestamp(),
    status = (CASE WHEN r.status = 'pending' THEN 'superseded' ELSE 'revoked' END)::approval_status
  WHERE r.id = $1 AND r.agent_id = $2 AND r.status IN ('pending', 'approved')
  RETURNING r.id, r.call_id, r.version, r.status::text AS status, r.digest, r.server_name, r.tool_name, r.session_key`;

type Retired = { id: string; call_id: string; version: number; status: string; digest: string };

/** Ends what has run out under an attach key, and what was approved for another definition or address than there is now. */
export async function retireStale(
  client: pg.PoolClient,
  keys: EventKeys,
  facts: CallFacts,
  values: readonly string[],
): Promise<void> {
  const { rows } = await client.query<Retired>(RETIRE_SQL, [...values]);
  for (const row of rows) {
    const type = retiredEventType(row.status);
    const event = systemEvent(type, { ...facts, callId: row.call_id, requestId: row.id, digest: row.digest });
    await appendRows(client, [buildInboxRow(event, keys)]);
    await client.query('SELECT pg_notify($1, $2)', ['cs_approval', hintOf(row)]);
  }
}

type Superseded = Retired & { server_name: string; tool_name: string; session_key: string };

/**
 * Ends the request that the agent says the new one takes the place of (T01): a vote on it decides nothing any more. An
 * approval of it is revoked, for the agent does not want it. One that has ended already stays as it is. Returns false when
 * the agent names a request that is not its own.
 */
export async function supersede(
  client: pg.PoolClient,
  keys: EventKeys,
  input: Pick<OpenRequestInput, 'principal' | 'replaces'>,
  byRequestId: string,
): Promise<boolean> {
  const { principal, replaces } = input;
  if (replaces == null || replaces === byRequestId) return true;
  const own = await client.query('SELECT 1 FROM approval_requests WHERE id = $1 AND agent_id = $2', [
    replaces,
    principal.id,
  ]);
  if (own.rowCount !== 1) return false;
  const { rows } = await client.query<Superseded>(SUPERSEDE_SQL, [replaces, principal.id, byRequestId]);
  const row = rows[0];
  if (row === undefined) return true;
  const facts = {
    callId: row.call_id,
    principal,
    sessionKey: row.session_key,
    server: row.server_name,
    tool: row.tool_name,
    requestId: row.id,
    digest: row.digest,
  };
  const type = row.status === 'superseded' ? 'request.superseded' : 'request.revoked';
  await appendRows(client, [buildInboxRow(agentEvent(type, facts, { detail: { by: byRequestId } }), keys)]);
  await client.query('SELECT pg_notify($1, $2)', ['cs_approval', hintOf(row)]);
  return true;
}

function hintOf({ id, version, status }: Retired): string {
  return JSON.stringify({ id, version, status });
}

function retiredEventType(status: string) {
  switch (status) {
    case 'expired':
      return 'request.expired';
    case 'expired-unused':
      return 'request.expired-unused';
    case 'superseded':
      return 'request.superseded';
    default:
      return 'request.revoked';
  }
}

/** Writes rows into the log's inbox, in the transaction at hand. */
export async function appendRows(client: pg.PoolClient, rows: readonly InboxRow[]): Promise<void> {
  await client.query(
    'INSERT INTO audit_inbox (event, salt, payload) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[])',
    inboxColumns(rows),
  );
}
