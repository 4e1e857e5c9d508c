// Server-only.
import { buildInboxRow } from '../audit/record-event.ts';
import type { StepRefusal } from './attempt.ts';
import { agentEvent, type CallFacts } from './call-events.ts';
import type { DoorParts } from './door-parts.ts';

/** A database that hangs must not keep an agent waiting for a "no". */
const PATIENCE_MS = 500;

/**
 * Writes a refusal into the log before the agent hears of it. When that fails or takes too long the refusal stands all
 * the same: nothing runs, the row follows as soon as it can, and the process's own log says if it never did.
 */
export async function recordRefusal(
  parts: Pick<DoorParts, 'audit' | 'keys' | 'log'>,
  facts: CallFacts,
  refusal: StepRefusal,
): Promise<void> {
  const row = buildInboxRow(agentEvent('call.refused', facts, { decision: 'deny', code: refusal.code }), parts.keys);
  const recorded = parts.audit.append(row).catch((error: unknown) => {
    parts.log.error({ err: error, callId: facts.callId, code: refusal.code }, 'a refusal could not be recorded');
  });
  const patience = Promise.withResolvers<void>();
  const timer = setTimeout(patience.resolve, PATIENCE_MS);
  await Promise.race([recorded, patience.promise]);
  clearTimeout(timer);
}
