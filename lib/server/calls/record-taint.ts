// Server-only. Step 14: a session that has read what strangers wrote.
import { qualifiedToolName } from '#lib/core/servers/names.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { Authorised } from './attempt.ts';
import { systemEvent } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

/** Marks the call's session for every gateway and in the log, once; resolves when that is durable. */
export async function recordTaint(parts: Pick<DoorParts, 'keys' | 'taints'>, call: Authorised): Promise<void> {
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
