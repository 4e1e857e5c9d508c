// Server-only.
import { buildInboxRow } from '../audit/record-event.ts';
import type { StepRefusal } from './attempt.ts';
import { agentEvent, type CallFacts } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

/**
 * Writes a refusal into the log before the agent hears of it. When even that fails the refusal stands all the same:
 * nothing runs, and the process's own log says that a row is missing.
 */
export async function recordRefusal(
  parts: Pick<DoorParts, 'audit' | 'keys' | 'log'>,
  facts: CallFacts,
  refusal: StepRefusal,
): Promise<void> {
  const row = buildInboxRow(agentEvent('call.refused', facts, { decision: 'deny', code: refusal.code }), parts.keys);
  await parts.audit.append(row).catch((error: unknown) => {
    parts.log.error({ err: error, callId: facts.callId, code: refusal.code }, 'a refusal could not be recorded');
  });
}
