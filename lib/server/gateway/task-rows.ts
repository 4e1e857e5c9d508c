// Server-only. Tasks of the extension io.modelcontextprotocol/tasks, as stored: any gateway can go on with any of them.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { open, seal } from '../keys/seal.ts';

export type TaskStatus = 'working' | 'completed' | 'failed' | 'cancelled';

export type TaskRow = {
  readonly id: string;
  readonly callId: string;
  readonly requestId: string;
  readonly serverName: string;
  readonly toolName: string;
  readonly status: TaskStatus;
  /** The gateway that runs it or ran it; it is alive unless the database has not heard of it for ten seconds. */
  readonly ownedBy: string | null;
  readonly ownerAlive: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
  readonly argsSealed: Buffer;
  readonly resultSealed: Buffer | null;
};

/** Kept this long after the request itself could last: for an agent that comes back late for its result. */
const KEPT_S = 7_200;
const SILENT_S = 10;
const ROW = z.object({
  id: z.string(),
  call_id: z.string(),
  request_id: z.string(),
  server_name: z.string(),
  tool_name: z.string(),
  status: z.enum(['working', 'completed', 'failed', 'cancelled']),
  owned_by: z.string().nullable(),
  owner_alive: z.boolean(),
  created_at: z.date(),
  updated_at: z.date(),
  expires_at: z.date(),
  call_sealed: z.instanceof(Buffer),
  result_sealed: z.instanceof(Buffer).nullable(),
});
const COLUMNS = `t.id, t.call_id, t.request_id, t.server_name, t.tool_name, t.status, t.owned_by, t.created_at, t.updated_at,
  t.expires_at, t.call_sealed, t.result_sealed, EXISTS (SELECT FROM process_instances p WHERE p.id = t.owned_by
    AND p.stopped_at IS NULL AND p.last_seen_at > clock_timestamp() - make_interval(secs => ${SILENT_S})) AS owner_alive`;
// An agent that asks again while its request waits gets the same task: one request has one result.
const INSERT_SQL = `WITH known AS (
    SELECT * FROM mcp_tasks WHERE request_id = $5::uuid AND agent_id = $2::uuid AND target = $3 AND status = 'working' LIMIT 1
  ), made AS (
    INSERT INTO mcp_tasks (id, agent_id, target, call_id, request_id, server_name, tool_name, status, call_sealed, expires_at)
    SELECT $1, $2::uuid, $3, $4::uuid, r.id, $6, $7, 'working', $8, r.expires_at + make_interval(secs => ${KEPT_S})
    FROM approval_requests r WHERE r.id = $5::uuid AND r.agent_id = $2::uuid AND NOT EXISTS (SELECT FROM known)
    RETURNING *
  ) SELECT ${COLUMNS} FROM (SELECT * FROM known UNION ALL SELECT * FROM made) t`;
const FIND_SQL = `SELECT ${COLUMNS} FROM mcp_tasks t
  WHERE t.id = $1 AND t.agent_id = $2::uuid AND t.target = $3 AND t.expires_at > clock_timestamp()`;
const OWN_SQL = `UPDATE mcp_tasks SET owned_by = $2::uuid, updated_at = clock_timestamp() WHERE id = $1 AND status = 'working'`;
const END_SQL = `UPDATE mcp_tasks SET status = $2, result_sealed = $3, updated_at = clock_timestamp()
  WHERE id = $1 AND status = 'working'`;
const CANCEL_SQL = `UPDATE mcp_tasks SET status = 'cancelled', updated_at = clock_timestamp()
  WHERE id = $1 AND status = 'working' AND (owned_by IS NULL OR owned_by = $2::uuid)`;

export type NewTask = {
  readonly agentId: string;
  readonly target: string;
  readonly callId: string;
  readonly requestId: string;
  readonly serverName: string;
  readonly toolName: string;
  /** The canonical arguments: the bytes that the request was opened for. */
  readonly canonicalArgs: string;
};

/** Stores a task, or finds the one that the request has; null when the request is gone. The id cannot be guessed, and serves the agent it was made for only. */
export async function insertTask(pool: pg.Pool, masterKey: Uint8Array, task: NewTask): Promise<TaskRow | null> {
  const id = randomBytes(16).toString('base64url');
  const { rows } = await pool.query(INSERT_SQL, [
    id,
    task.agentId,
    task.target,
    task.callId,
    task.requestId,
    task.serverName,
    task.toolName,
    seal(masterKey, task.canonicalArgs, argsPlace(id)),
  ]);
  return rows[0] === undefined ? null : toTask(rows[0]);
}

/** Finds a task of this agent at this endpoint; null for anybody else's, an unknown or an expired one alike. */
export async function findTask(pool: pg.Pool, id: string, agentId: string, target: string): Promise<TaskRow | null> {
  if (id.length > 64) return null;
  const { rows } = await pool.query(FIND_SQL, [id, agentId, target]);
  return rows[0] === undefined ? null : toTask(rows[0]);
}

/** Says that this gateway runs it. */
export async function ownTask(pool: pg.Pool, id: string, bootId: string): Promise<void> {
  await pool.query(OWN_SQL, [id, bootId]);
}

/** Stores how it ended. `outcome` is the JSON of its result or error. The first end stays. */
export async function endTask(
  pool: pg.Pool,
  masterKey: Uint8Array,
  id: string,
  end: { readonly status: 'completed' | 'failed'; readonly outcome: string },
): Promise<void> {
  await pool.query(END_SQL, [id, end.status, seal(masterKey, end.outcome, resultPlace(id))]);
}

/** Cancels one that no other gateway runs; false for any other. */
export async function cancelTaskRow(pool: pg.Pool, id: string, bootId: string): Promise<boolean> {
  const { rowCount } = await pool.query(CANCEL_SQL, [id, bootId]);
  return rowCount === 1;
}

/** The canonical arguments again. Throws on a row that somebody changed. */
export function argumentsOf(masterKey: Uint8Array, task: TaskRow): string {
  return open(masterKey, task.argsSealed, argsPlace(task.id)).toString('utf8');
}

/** The JSON of the result or error, once it has ended. */
export function outcomeOf(masterKey: Uint8Array, task: TaskRow): string | null {
  return task.resultSealed === null ? null : open(masterKey, task.resultSealed, resultPlace(task.id)).toString('utf8');
}

function argsPlace(id: string): string {
  return `mcp-task-args:${id}`;
}

function resultPlace(id: string): string {
  return `mcp-task-result:${id}`;
}

function toTask(row: unknown): TaskRow {
  const parsed = ROW.parse(row);
  return {
    id: parsed.id,
    callId: parsed.call_id,
    requestId: parsed.request_id,
    serverName: parsed.server_name,
    toolName: parsed.tool_name,
    status: parsed.status,
    ownedBy: parsed.owned_by,
    ownerAlive: parsed.owner_alive,
    createdAt: parsed.created_at,
    updatedAt: parsed.updated_at,
    expiresAt: parsed.expires_at,
    argsSealed: parsed.call_sealed,
    resultSealed: parsed.result_sealed,
  };
}
