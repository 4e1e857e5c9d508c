// Server-only. Turns what came out of the door into the record that every later answer is read from.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import type { Authorised, Enforced, StepRefusal } from '../calls/attempt.ts';
import type { Door } from '../calls/door.ts';
import { type DecisionCallRow, findDecisionCall, recordDecisionCall, settlePending } from './decision-calls.ts';

/** What a call was asked with: needed to put it on record. */
export type AskedCall = {
  readonly agentId: string;
  readonly server: string;
  readonly tool: string;
  readonly sessionKey: string;
};

/** A record to answer from, or a failure of ours that says nothing about the call. */
export type Settled =
  | { readonly kind: 'row'; readonly row: DecisionCallRow }
  | { readonly kind: 'unavailable'; readonly code: ProblemCode };

/** A call that was refused before its tool was known has no digest; 64 zeros cannot be mistaken for one. */
const NO_DIGEST = '0'.repeat(64);

/** Failures of ours: nothing was decided, so nothing is put on record and the agent may ask again. */
const UNAVAILABLE: ReadonlySet<string> = new Set([
  'database-unavailable',
  'audit-unavailable',
  'internal',
  'not-ready',
]);

/** Puts a held call on record as soon as it waits, so that it can be asked for even if this process dies. */
export function recordHeld(door: Door, asked: AskedCall, record: HoldRecord): Promise<void> {
  return recordDecisionCall(door.pool, {
    ...identityOf(asked),
    id: record.callId,
    request_id: record.requestId ?? null,
    tier: record.tier,
    action_class: record.actionClass,
    digest: NO_DIGEST,
    state: 'pending',
    code: record.code,
    message: record.message,
  });
}

/** Writes the verdict down; the answer is given from the record, so that all answers about a call agree. */
export async function settleEnforced(door: Door, asked: AskedCall, enforced: Enforced): Promise<Settled> {
  switch (enforced.kind) {
    case 'authorised':
      return settleAllowed(door, asked, enforced.call);
    case 'pending':
      await recordHeld(door, asked, enforced.record);
      return readBack(door, asked, enforced.record.callId);
    case 'refused': {
      const { record } = enforced;
      if (UNAVAILABLE.has(record.code)) return { kind: 'unavailable', code: unavailableCode(record.code) };
      const denied = { state: 'denied' as const, code: record.code, message: record.message };
      await recordDecisionCall(door.pool, {
        ...identityOf(asked),
        id: record.callId,
        request_id: record.requestId ?? null,
        tier: record.tier,
        action_class: record.actionClass,
        digest: digestOrNone(enforced.digest),
        ...denied,
      });
      await settlePending(door.pool, asked.agentId, record.callId, denied);
      return readBack(door, asked, record.callId);
    }
  }
}

/**
 * An allowed call is put on record before it is answered. The kill switch and the session are asked once more at the last
 * moment; a call that is stopped here has run nowhere, and its approval stays used.
 */
async function settleAllowed(door: Door, asked: AskedCall, call: Authorised): Promise<Settled> {
  const allowed = { state: 'allowed' as const, code: 'allowed', message: 'This call may run now, once.' };
  const stopped = door.refusalNow(call);
  if (stopped !== null) return stop(door, asked, call, stopped);
  await recordDecisionCall(door.pool, { ...rowOf(asked, call), ...allowed });
  await settlePending(door.pool, asked.agentId, call.callId, allowed);
  return readBack(door, asked, call.callId);
}

async function stop(door: Door, asked: AskedCall, call: Authorised, { code, detail }: StepRefusal): Promise<Settled> {
  const denied = {
    state: 'denied' as const,
    code,
    message:
      code === 'killed' ? 'Stopped by the kill switch. Do not work around this.' : (detail ?? PROBLEMS[code].title),
  };
  await door.recordOutcome(call, { status: 'failed', code, latencyMs: 0, bytes: 0 });
  await recordDecisionCall(door.pool, { ...rowOf(asked, call), ...denied });
  await settlePending(door.pool, asked.agentId, call.callId, denied);
  return readBack(door, asked, call.callId);
}

function rowOf(asked: AskedCall, call: Authorised) {
  return {
    ...identityOf(asked),
    id: call.callId,
    request_id: call.requestId,
    tier: call.target.tier,
    action_class: call.target.actionClass,
    digest: call.digest,
  };
}

async function readBack(door: Door, asked: AskedCall, callId: string): Promise<Settled> {
  const row = await findDecisionCall(door.pool, asked.agentId, callId);
  return row === null ? { kind: 'unavailable', code: 'internal' } : { kind: 'row', row };
}

function identityOf(asked: AskedCall) {
  return {
    agent_id: asked.agentId,
    server_name: asked.server,
    tool_name: asked.tool,
    session_key: asked.sessionKey,
  };
}

function digestOrNone(digest: string): string {
  return digest === '' ? NO_DIGEST : digest;
}

function unavailableCode(code: string): ProblemCode {
  return code === 'audit-unavailable' || code === 'database-unavailable' || code === 'not-ready' ? code : 'internal';
}
