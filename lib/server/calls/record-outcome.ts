// Server-only. Step 15: how the call ended, and when its answer may leave.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { finishRequest } from '../approvals/finish-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { Authorised, CallOutcome } from './attempt.ts';
import { type CallFacts, outcomeEvent, systemEvent } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

type Parts = Pick<DoorParts, 'audit' | 'keys' | 'log' | 'pool'>;

/** Whether the answer of this call must wait for the outcome row; where not, the row rides the next commit. */
export function outcomeGoesFirst(call: Authorised): boolean {
  return call.requestId !== null || call.target.tier !== 'low';
}

/**
 * Records how a forwarded call ended. Resolves true once the answer may be released.
 *
 * Medium, high and held calls: only when the row is durable and the request could still be closed; false means that the
 * record says (or will say) `unknown-outcome`, so the result must be withheld. Low calls: at once.
 */
export async function recordOutcome(parts: Parts, call: Authorised, outcome: CallOutcome): Promise<boolean> {
  const facts = factsOf(call);
  const row = buildInboxRow(outcomeEvent(facts, outcome), parts.keys);
  if (!outcomeGoesFirst(call)) {
    parts.audit.appendLater(row);
    return true;
  }
  try {
    if (call.requestId === null) {
      await parts.audit.append(row);
      return true;
    }
    const type = outcome.status === 'unknown-outcome' ? 'request.unknown-outcome' : 'request.finished';
    const ended = buildInboxRow(systemEvent(type, facts, { result: { status: outcome.status } }), parts.keys);
    return await finishRequest(parts.pool, {
      requestId: call.requestId,
      status: outcome.status,
      rows: [row, ended],
    });
  } catch (error) {
    parts.log.error({ err: error, callId: call.callId }, 'an outcome could not be recorded; the result is withheld');
    return false;
  }
}

/** Closes a consumed request whose call was stopped before a byte left. */
export async function closeUnexecuted(
  parts: Parts,
  facts: CallFacts,
  requestId: string,
  code: ProblemCode,
): Promise<void> {
  const outcome: CallOutcome = { status: 'failed', code, latencyMs: 0, bytes: 0 };
  await finishRequest(parts.pool, {
    requestId,
    status: 'failed',
    rows: [
      buildInboxRow(outcomeEvent(facts, outcome), parts.keys),
      buildInboxRow(systemEvent('request.finished', facts, { code, result: { status: 'failed' } }), parts.keys),
    ],
  });
}

function factsOf(call: Authorised): CallFacts {
  return {
    callId: call.callId,
    principal: call.principal,
    sessionKey: call.sessionKey,
    server: call.target.server.name,
    tool: call.target.tool.name,
    tier: call.target.tier,
    actionClass: call.target.actionClass,
    digest: call.digest,
    requestId: call.requestId,
  };
}
