// Server-only. A governed call of a stateless client: held in legs, or as a task.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { isProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import type { StepRefusal } from '../calls/attempt.ts';
import type { SnapshotTool } from '../snapshot/snapshot.ts';
import { createClientAnswer } from './client-answer.ts';
import { sendErrorWith } from './http-answers.ts';
import { progressTokenOf, type RpcId, resultMessage } from './json-rpc.ts';
import { NO_LOGS, thresholdOf } from './log-level.ts';
import { type MirroredParameter, mirroredParameters, parameterDisagreement } from './mirrored-headers.ts';
import { type AskedCall, readMethodCall, readToolCall } from './read-call.ts';
import type { RequestState } from './request-state.ts';
import { redeemRound } from './rounds.ts';
import { refuseUnread, runCall } from './run-call.ts';
import { METHOD_SPEECH, type Speech } from './speech.ts';
import type { StatelessParts, StatelessRequest } from './stateless-era.ts';
import { pendingAtLast, statelessSpeech } from './stateless-speech.ts';
import { createTask } from './task-methods.ts';

/** SDK clients give up after 60 s without an answer. */
const LEG_MS = 50_000;
const MARGIN_MS = 5_000;
/** The official client retries ten times; the answer after that has to be a final one. */
const MOST_ROUNDS = 10;
/** The requests that may be answered with `input_required`. */
const TAKES_ROUNDS = new Set(['tools/call', 'resources/read', 'prompts/get']);

/**
 * Runs tools/call or another governed method.
 *
 * While people think, a leg lasts at most 50 s (less where the operator declared a shorter timeout) and ends with a
 * `requestState` to come back with; a client that takes tasks gets a handle at once. Closing the connection takes the call
 * back: this era has no other cancel.
 */
export async function callStateless(parts: StatelessParts, asked: StatelessRequest): Promise<void> {
  const startedAtMs = performance.now();
  const { target, principal, message, request, response, client } = asked;
  const { id, method, params } = message;
  const isMethod = target.server !== null && isProtocolMethod(method);
  const read = isMethod ? readMethodCall(target.server, method, params) : readToolCall(target.server, params);
  const isTask = client.takesTasks && method === 'tools/call';
  let state: RequestState | null = null;
  const pending: Speech['pending'] = (_id, record) => {
    if (!read.ok) return pendingAtLast(method, id, record);
    if (isTask) return createTask(parts, asked, read.value, record);
    return nextLeg(parts, asked, read.value, record, (state?.round ?? 0) + 1);
  };
  const speech = statelessSpeech(method, pending);
  const answer = createClientAnswer(request, response);
  const refuse = (refusal: StepRefusal) => {
    // A state that is none is a fault in the exchange, not an outcome of the call: the protocol's own kind of error.
    const said = refusal.code === 'state-invalid' ? METHOD_SPEECH : speech;
    return refuseUnread(parts.door, { principal, server: target.server, id, answer, speech: said }, refusal);
  };
  if (!read.ok) return refuse(read.error);
  const odd = isMethod ? null : oddParameter(parts, read.value, request.headers);
  if (odd !== null) {
    const detail = `The header ${odd} does not say what the body says.`;
    sendErrorWith(response, id, 'header-mismatch', detail, { header: odd });
    return;
  }
  const carried = ownValue(params, 'requestState');
  if (carried !== undefined) {
    const redeemed = await redeem(parts, asked, read.value, carried);
    if (!redeemed.ok) return refuse(redeemed.error);
    state = redeemed.value;
  }
  const { requestTimeoutMs } = principal;
  const legMs = requestTimeoutMs === null ? LEG_MS : Math.min(LEG_MS, Math.max(0, requestTimeoutMs - MARGIN_MS));
  await runCall(parts, {
    principal,
    asked: read.value,
    id,
    progressToken: progressTokenOf(params),
    sessionKey: `agent:${principal.id}`,
    answer,
    speech,
    logThreshold: client.logLevel === null ? NO_LOGS : (thresholdOf(client.logLevel) ?? NO_LOGS),
    holdUntilMs: isTask ? startedAtMs : startedAtMs + legMs,
    whenGone: 'withdrawn',
    ...(state === null ? {} : { onlyRequestId: state.requestId }),
  });
}

/** The state must be ours, this agent's, for exactly this call, in time and unused: it is burned here. */
async function redeem(
  parts: StatelessParts,
  { target, principal, message }: StatelessRequest,
  call: AskedCall,
  carried: JsonValue,
): Promise<Result<RequestState, StepRefusal>> {
  const state = typeof carried === 'string' ? parts.states.read(carried) : null;
  if (
    state === null ||
    state.agentId !== principal.id ||
    state.target !== target.path ||
    state.method !== message.method ||
    state.server !== call.server ||
    state.tool !== call.tool ||
    state.argsHash !== call.args.hash
  ) {
    return err({ code: 'state-invalid', detail: 'It does not belong to this call.' });
  }
  const redeemed = await redeemRound(parts.door.pool, state).catch(() => null);
  if (redeemed === null) return err({ code: 'database-unavailable' });
  return redeemed ? ok(state) : err({ code: 'state-invalid', detail: 'It was used before or has run out.' });
}

/** `input_required` without a question: the client may come back at once. The answer that matters is a human's, here. */
function nextLeg(
  parts: StatelessParts,
  { target, principal, message, client }: StatelessRequest,
  call: AskedCall,
  record: HoldRecord,
  round: number,
): string {
  const { id, method } = message;
  const { requestId, expiresAt } = record;
  if (round > MOST_ROUNDS || !TAKES_ROUNDS.has(method) || requestId === undefined || expiresAt === undefined) {
    return pendingAtLast(method, id, record);
  }
  const requestState = parts.states.write({
    agentId: principal.id,
    target: target.path,
    method,
    server: call.server,
    tool: call.tool,
    argsHash: call.args.hash,
    requestId,
    callId: record.callId,
    round,
    expiresAt,
  });
  const link = round === 1 && client.takesLinks ? { inputRequests: linkTo(parts.consoleUrl, requestId) } : {};
  return inputRequired(id, { ...link, requestState });
}

function inputRequired(id: RpcId, result: Readonly<Record<string, JsonValue>>): string {
  return resultMessage(id, JSON.stringify({ resultType: 'input_required', ...result }));
}

/** A link for whoever sits at the agent. What the client answers is not read: only the console decides. */
function linkTo(consoleUrl: string, requestId: string): JsonValue {
  return {
    countersign: {
      method: 'elicitation/create',
      params: {
        mode: 'url',
        message: 'A human reviewer must decide this call in the console.',
        url: `${consoleUrl}/approvals/${requestId}`,
      },
    },
  };
}

const mirrored = new WeakMap<SnapshotTool, readonly MirroredParameter[]>();

/** The header of a parameter that its accepted schema wants repeated, when it says something else than the argument. */
function oddParameter(
  parts: StatelessParts,
  call: AskedCall,
  headers: StatelessRequest['request']['headers'],
): string | null {
  const tool = parts.door.snapshot().servers.get(call.server)?.tools.get(call.tool);
  if (tool === undefined) return null;
  const known = mirrored.get(tool) ?? mirroredParameters(ownValue(tool.definition, 'inputSchema'));
  mirrored.set(tool, known);
  return known.length === 0 ? null : parameterDisagreement(known, call.args.value, headers);
}
