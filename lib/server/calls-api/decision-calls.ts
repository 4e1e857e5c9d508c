// Server-only. The record of a call that came through the decision API, and the only edges it may take.
import type pg from 'pg';
import { z } from 'zod';
import { actionClassSchema, tierSchema } from '#lib/contracts/shared-shapes.ts';

/** pending → allowed | denied | cancelled; allowed → succeeded | failed | unknown-outcome. Nothing leads back. */
export const DECISION_STATES = [
  'pending',
  'allowed',
  'denied',
  'cancelled',
  'succeeded',
  'failed',
  'unknown-outcome',
] as const;

const rowSchema = z.object({
  id: z.string(),
  agent_id: z.string(),
  request_id: z.string().nullable(),
  server_name: z.string(),
  tool_name: z.string(),
  session_key: z.string(),
  tier: tierSchema,
  action_class: actionClassSchema,
  digest: z.string(),
  state: z.enum(DECISION_STATES),
  code: z.string(),
  message: z.string(),
  allowed_at: z.date().nullable(),
  expires_at: z.date().nullable(),
});
export type DecisionCallRow = z.infer<typeof rowSchema>;

const COLUMNS = `d.id, d.agent_id, d.request_id, d.server_name, d.tool_name, d.session_key, d.tier, d.action_class, d.digest,
  d.state, d.code, d.message, d.allowed_at, (SELECT expires_at FROM approval_requests r WHERE r.id = d.request_id) AS expires_at`;

/** What is known of a call when it is first put on record. */
export type NewDecisionCall = Omit<DecisionCallRow, 'allowed_at' | 'expires_at'>;

/**
 * Puts a call on record, or leaves the record that is there: an identical call that joins a request has its call id.
 * A held call has the digest of its request. `allowed` starts its ten minutes now, by the database's clock.
 */
export async function recordDecisionCall(pool: pg.Pool, call: NewDecisionCall): Promise<void> {
  await pool.query(
    `INSERT INTO decision_calls (id, agent_id, request_id, server_name, tool_name, session_key, tier, action_class, digest,
       state, code, message, allowed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7::tier, $8,
       coalesce((SELECT r.digest FROM approval_requests r WHERE r.id = $3), $9), $10, $11, $12,
       CASE WHEN $10 = 'allowed' THEN clock_timestamp() END)
     ON CONFLICT (id) DO NOTHING`,
    [
      call.id,
      call.agent_id,
      call.request_id,
      call.server_name,
      call.tool_name,
      call.session_key,
      call.tier,
      call.action_class,
      call.digest,
      call.state,
      call.code,
      call.message,
    ],
  );
}

/** The agent's own call, or null: another agent's id is as unknown as one that never was. */
export async function findDecisionCall(pool: pg.Pool, agentId: string, id: string): Promise<DecisionCallRow | null> {
  const found = await pool.query(`SELECT ${COLUMNS} FROM decision_calls d WHERE d.id = $1::uuid AND d.agent_id = $2`, [
    id,
    agentId,
  ]);
  return found.rows[0] === undefined ? null : rowSchema.parse(found.rows[0]);
}

/** Takes one edge out of `pending`; answers the record as it is afterwards, whoever moved it. */
export async function settlePending(
  pool: pg.Pool,
  agentId: string,
  id: string,
  to: { readonly state: 'allowed' | 'denied' | 'cancelled'; readonly code: string; readonly message: string },
): Promise<DecisionCallRow | null> {
  await pool.query(
    `UPDATE decision_calls SET state = $3, code = $4, message = $5,
       allowed_at = CASE WHEN $3 = 'allowed' THEN clock_timestamp() END,
       finished_at = CASE WHEN $3 = 'allowed' THEN NULL ELSE clock_timestamp() END
     WHERE id = $1::uuid AND agent_id = $2 AND state = 'pending'`,
    [id, agentId, to.state, to.code, to.message],
  );
  return findDecisionCall(pool, agentId, id);
}
