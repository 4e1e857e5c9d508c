// Server-only. POST /api/v1/calls/<callId>/cancel
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { withdrawRequest } from '../approvals/withdraw-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import { agentEvent } from '../calls/call-events.ts';
import { answerOf, sendJson, sendProblem } from './answer.ts';
import type { CallsApiParts } from './calls-api.ts';
import { factsOfRow } from './close-call.ts';
import { findDecisionCall, settlePending } from './decision-calls.ts';

/**
 * Takes a waiting call back: reviewers no longer see it, and an approval that nobody used is void. A call that is
 * already allowed, denied or closed stays as it is; the answer says so.
 */
export async function cancelCall(parts: CallsApiParts, principal: AgentPrincipal, callId: string): Promise<Response> {
  const { pool } = parts.door;
  const row = await findDecisionCall(pool, principal.id, callId);
  if (row === null) return sendProblem('not-found', 'There is no such call.');
  const signer = { signer: parts.signer, issuer: parts.gatewayUrl };
  if (row.state !== 'pending' || row.request_id === null) return sendJson(await answerOf(row, signer));
  const facts = factsOfRow(principal, row);
  await withdrawRequest(pool, {
    requestId: row.request_id,
    agentId: principal.id,
    withdrawn: buildInboxRow(agentEvent('request.withdrawn', facts), parts.keys),
    revoked: buildInboxRow(agentEvent('request.revoked', facts), parts.keys),
  });
  const settled = await settlePending(pool, principal.id, callId, {
    state: 'cancelled',
    code: 'approval-withdrawn',
    message: 'The agent took the call back.',
  });
  return settled === null ? sendProblem('internal') : sendJson(await answerOf(settled, signer));
}
