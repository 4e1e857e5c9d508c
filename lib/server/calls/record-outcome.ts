// Server-only. Step 15: how the call ended, and when its answer may leave.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { type FinishInput, finishRequest } from '../approvals/finish-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { Authorised, CallOutcome } from './attempt.ts';
import { type CallFacts, outcomeEvent, systemEvent } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

type Parts = Pick<DoorParts, 'audit' | 'keys' | 'log' | 'pool' | 'unfinished'>;

/** Whether the answer of this call must wait for the outcome row; where not, the row rides the next commit. */
export function outcomeGoesFirst(call: Authorised): boolean {
  return call.requestId !== null || call.grantId !== null || call.target.tier !== 'low';
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
    return await finishRequest(parts.pool, {
      requestId: call.requestId,
      status: outcome.status,
      rows: [row, endRow(parts, facts, outcome.status)],
    });
  } catch (error) {
    parts.log.error({ err: error, callId: call.callId }, 'an outcome could not be recorded; the result is withheld');
    if (call.requestId !== null) closeAsUnknown(parts, facts, call.requestId, outcome);
    return false;
  }
}

/** The result is withheld, so the record must not say that it was delivered: unknown, as soon as it can be written. */
function closeAsUnknown(parts: Parts, facts: CallFacts, requestId: string, outcome: CallOutcome): void {
  const unknown: CallOutcome = { ...outcome, status: 'unknown-outcome', code: 'audit-unavailable' };
  parts.unfinished.closeLater({
    requestId,
    status: 'unknown-outcome',
    rows: [buildInboxRow(outcomeEvent(facts, unknown), parts.keys), endRow(parts, facts, 'unknown-outcome')],
  });
}

function endRow(parts: Parts, facts: CallFacts, status: CallOutcome['status'], code?: ProblemCode) {
  const type = status === 'unknown-outcome' ? 'request.unknown-outcome' : 'request.finished';
  const more = { result: { status }, ...(code === undefined ? {} : { code }) };
  return buildInboxRow(systemEvent(type, facts, more), parts.keys);
}

/** Closes a request that this call consumed and that was then stopped before a byte left. */
export async function closeUnexecuted(
  parts: Parts,
  facts: CallFacts,
  requestId: string,
  code: ProblemCode,
): Promise<void> {
  const input = unexecuted(parts, facts, requestId, code);
  await finishRequest(parts.pool, input).catch(() => parts.unfinished.closeLater(input));
}

/**
 * The database did not say whether it committed a consumption. Nothing will be sent, so the request must not stay
 * "consumed": it is closed later if this process consumed it and no call of ours runs on it.
 */
export function closeIfConsumed(parts: DoorParts, facts: CallFacts, requestId: string): void {
  const input = { ...unexecuted(parts, facts, requestId, 'database-unavailable'), consumedBy: parts.bootId };
  parts.unfinished.closeLater(input, () => parts.consumptions.isOurs(requestId));
}

function unexecuted(parts: Parts, facts: CallFacts, requestId: string, code: ProblemCode): FinishInput {
  const outcome: CallOutcome = { status: 'failed', code, latencyMs: 0, bytes: 0 };
  return {
    requestId,
    status: 'failed',
    rows: [buildInboxRow(outcomeEvent(facts, outcome), parts.keys), endRow(parts, facts, 'failed', code)],
  };
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
