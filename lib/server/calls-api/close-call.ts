// Server-only. POST /api/v1/calls/<callId>/outcome
import { outcomeBodySchema } from '#lib/contracts/calls.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import { inboxColumns } from '../approvals/inbox-columns.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import { agentEvent, type CallFacts } from '../calls/call-events.ts';
import { answerOf, sendJson, sendProblem } from './answer.ts';
import type { CallsApiParts } from './calls-api.ts';
import { type DecisionCallRow, findDecisionCall } from './decision-calls.ts';
import { parseBody, readJsonObject } from './read-call-body.ts';

// One statement: the call, its request and the log close together or not at all.
const CLOSE_SQL = `WITH closed AS (
    UPDATE decision_calls SET state = $3, finished_at = clock_timestamp()
    WHERE id = $1::uuid AND agent_id = $2 AND state = 'allowed' RETURNING request_id
  ), ended AS (
    UPDATE approval_requests r SET status = $3::text::approval_status, finished_at = clock_timestamp(), version = r.version + 1
    FROM closed WHERE r.id = closed.request_id AND r.status = 'consumed' RETURNING r.id, r.version, r.status::text AS status
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload)
    SELECT e.event, e.salt, e.payload FROM closed, unnest($4::text[], $5::bytea[], $6::bytea[]) AS e (event, salt, payload)
  ), told AS (
    SELECT pg_notify('cs_approval', json_build_object('id', id, 'version', version, 'status', status)::text) FROM ended
  )
  SELECT (SELECT count(*)::int FROM told) AS told FROM closed`;

/**
 * Closes an allowed call with what its enforcement point reports. The report is the agent's word, recorded as such; the
 * result is sealed beside the log. Saying the same again is fine; another outcome, or one for a call that was never
 * allowed or has been given up as unknown, is refused.
 */
export async function closeCall(
  parts: CallsApiParts,
  principal: AgentPrincipal,
  callId: string,
  request: Request,
): Promise<Response> {
  const json = await readJsonObject(request);
  if (!json.ok) return sendProblem(json.error.code, json.error.detail);
  const body = parseBody(outcomeBodySchema, json.value);
  if (!body.ok) return sendProblem(body.error.code, body.error.detail);
  const { pool } = parts.door;
  const row = await findDecisionCall(pool, principal.id, callId);
  if (row === null) return sendProblem('not-found', 'There is no such call.');
  const signer = { signer: parts.signer, issuer: parts.gatewayUrl };
  if (row.state === body.value.status) return sendJson(await answerOf(row, signer));
  if (row.state !== 'allowed') return sendProblem('conflict', `The call is ${row.state}; it cannot be closed so.`);

  const { status, durationMs } = body.value;
  const payload = canonicalJson(json.value.result ?? errorOf(body.value.error));
  const facts = factsOfRow(principal, row);
  const result = { status, latencyMs: durationMs, bytes: Buffer.byteLength(payload) };
  const rows = [buildInboxRow(agentEvent('call.outcome', facts, { result, payload }), parts.keys)];
  if (row.request_id !== null) {
    rows.push(buildInboxRow(agentEvent('request.finished', facts, { result: { status } }), parts.keys));
  }
  await pool.query(CLOSE_SQL, [callId, principal.id, status, ...inboxColumns(rows)]);
  const now = await findDecisionCall(pool, principal.id, callId);
  if (now === null) return sendProblem('internal');
  if (now.state !== status) return sendProblem('conflict', `The call is ${now.state}; it cannot be closed so.`);
  return sendJson(await answerOf(now, signer));
}

function errorOf(error: string | undefined): JsonValue {
  return error === undefined ? null : { error };
}

/** What the log says about a call of the decision API. */
export function factsOfRow(principal: AgentPrincipal, row: DecisionCallRow): CallFacts {
  return {
    callId: row.id,
    principal,
    sessionKey: row.session_key,
    server: row.server_name,
    tool: row.tool_name,
    tier: row.tier,
    actionClass: row.action_class,
    digest: row.digest,
    requestId: row.request_id,
  };
}
