// Server-only. Step 14: a session that has read what strangers wrote.
import { qualifiedToolName } from '#lib/core/servers/names.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { Authorised } from './attempt.ts';
import { systemEvent } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

type TaintParts = Pick<DoorParts, 'keys' | 'log' | 'taints'>;

/**
 * Marks the session of a call whose tool reads what strangers wrote, before the call may run. False: it may not run.
 *
 * Not when the result comes: a server says things while it works (progress, log messages), and a call can be taken back or
 * fail after them. Decision-API clients read the result before we hear of it at all.
 */
export async function taintFirst(parts: TaintParts, call: Authorised): Promise<boolean> {
  const { principal, sessionKey, target } = call;
  if (!target.tool.readsUntrusted || parts.taints.isRecorded({ agentId: principal.id, sessionKey })) return true;
  try {
    await recordTaint(parts, call);
    return true;
  } catch (error) {
    parts.log.error({ err: error, callId: call.callId }, 'a taint could not be recorded; the call does not run');
    return false;
  }
}

/** For every gateway and in the log, once; resolves when that is durable. */
async function recordTaint(parts: TaintParts, call: Authorised): Promise<void> {
  const { target, principal, sessionKey, callId } = call;
  const source = qualifiedToolName(target.server.name, target.tool.name);
  const facts = {
    callId,
    principal,
    sessionKey,
    server: target.server.name,
    tool: target.tool.name,
    tier: target.tier,
    actionClass: target.actionClass,
  };
  const row = buildInboxRow(systemEvent('session.tainted', facts, { detail: { source } }), parts.keys);
  await parts.taints.mark({ agentId: principal.id, sessionKey }, { source, callId }, row);
}
