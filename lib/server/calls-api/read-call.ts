// Server-only. GET /api/v1/calls/<callId>?wait=
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import type { CallArguments } from '../calls/attempt.ts';
import { readArguments } from '../calls/read-arguments.ts';
import { open } from '../keys/seal.ts';
import { answerOf, sendJson, sendProblem } from './answer.ts';
import type { CallsApiParts } from './calls-api.ts';
import { type DecisionCallRow, findDecisionCall, settlePending } from './decision-calls.ts';
import { MAX_BODY_BYTES } from './read-call-body.ts';
import { type Settled, settleEnforced } from './settle-enforced.ts';

const MAX_WAIT_S = 55;
const SETTLE_ROUNDS = 40;
const SETTLE_PAUSE_MS = 50;
const requestRow = z.object({
  args_sealed: z.instanceof(Uint8Array),
  on_behalf_of: z.string().nullable(),
  session_key: z.string(),
});

/** Answers a call by its id. While it waits for people this listens up to `wait` seconds, attached to its request. */
export async function readCall(
  parts: CallsApiParts,
  principal: AgentPrincipal,
  callId: string,
  request: Request,
): Promise<Response> {
  const asked = Number(new URL(request.url).searchParams.get('wait') ?? 0);
  if (!Number.isFinite(asked) || asked < 0) return sendProblem('invalid-request', 'wait: a number of seconds.');
  return readCallNow(parts, principal, callId, Math.min(asked, MAX_WAIT_S), request.signal);
}

/** The same for a retry by idempotency key. An approval is consumed here at most once; later reads find the record. */
export async function readCallNow(
  parts: CallsApiParts,
  principal: AgentPrincipal,
  callId: string,
  waitS: number,
  signal: AbortSignal,
): Promise<Response> {
  const row = await findDecisionCall(parts.door.pool, principal.id, callId);
  if (row === null) return sendProblem('not-found', 'There is no such call.');
  const signer = { signer: parts.signer, issuer: parts.gatewayUrl };
  if (row.state !== 'pending' || row.request_id === null) return sendJson(await answerOf(row, signer));
  const settled = await attach(parts, principal, { ...row, request_id: row.request_id }, waitS, signal);
  return settled.kind === 'row' ? sendJson(await answerOf(settled.row, signer)) : sendProblem(settled.code);
}

type PendingRow = DecisionCallRow & { readonly request_id: string };

/** Walks the frozen call through the door again, tied to its own request: a poll never opens another one. */
async function attach(
  parts: CallsApiParts,
  principal: AgentPrincipal,
  row: PendingRow,
  waitS: number,
  signal: AbortSignal,
): Promise<Settled> {
  const { door } = parts;
  const frozen = await readFrozen(parts, row);
  if (frozen === null) return { kind: 'unavailable', code: 'internal' };
  const declared = frozen.sessionKey === `agent:${principal.id}` ? undefined : frozen.sessionKey;
  const enforced = await door.enforceCall({
    principal,
    server: row.server_name,
    tool: row.tool_name,
    args: frozen.args,
    session: declared,
    onBehalfOf: frozen.onBehalfOf ?? undefined,
    via: 'decision-api',
    signal,
    holdUntilMs: performance.now() + waitS * 1000,
    callId: row.id,
    onlyRequestId: row.request_id,
  });
  if (enforced.kind === 'refused' && enforced.record.code === 'already-decided') return settledElsewhere(parts, row);
  const asked = {
    agentId: principal.id,
    server: row.server_name,
    tool: row.tool_name,
    sessionKey: row.session_key,
  };
  // The refusal may name the attempt; the record that is being asked for is this one.
  if (enforced.kind === 'refused') {
    return settleEnforced(door, asked, { ...enforced, record: { ...enforced.record, callId: row.id } });
  }
  return settleEnforced(door, asked, enforced);
}

type Frozen = { readonly args: CallArguments; readonly sessionKey: string; readonly onBehalfOf: string | null };

async function readFrozen(parts: CallsApiParts, row: PendingRow): Promise<Frozen | null> {
  const found = await parts.door.pool.query(
    'SELECT args_sealed, on_behalf_of, session_key FROM approval_requests WHERE id = $1',
    [row.request_id],
  );
  if (found.rows[0] === undefined) return null;
  const request = requestRow.parse(found.rows[0]);
  const text = open(parts.keys.masterKey, request.args_sealed, row.request_id).toString('utf8');
  const json = parseStrict(text, { maxBytes: MAX_BODY_BYTES });
  const args = json.ok ? readArguments(json.value) : null;
  if (args === null || !args.ok) return null;
  return { args: args.value, sessionKey: request.session_key, onBehalfOf: request.on_behalf_of };
}

/**
 * Another attempt has consumed this request: a second poll of the same call that is about to write "allowed", or the same
 * call over MCP, which ran there. The first settles within moments; the second is final, and this call must not run.
 */
async function settledElsewhere(parts: CallsApiParts, row: PendingRow): Promise<Settled> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    const now = await findDecisionCall(parts.door.pool, row.agent_id, row.id);
    if (now === null || now.state !== 'pending') break;
    await delay(SETTLE_PAUSE_MS);
  }
  const now = await settlePending(parts.door.pool, row.agent_id, row.id, {
    state: 'denied',
    code: 'already-decided',
    message: 'The approval was used by another attempt of the same call. Do not run it again.',
  });
  return now === null ? { kind: 'unavailable', code: 'internal' } : { kind: 'row', row: now };
}
