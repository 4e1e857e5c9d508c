// Server-only. Calls that were allowed and never reported back; called by the worker.
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

const REPORT_WITHIN_S = 600;
const AT_ONCE = 200;

type Overdue = {
  readonly id: string;
  readonly agent: string;
  readonly request_id: string | null;
  readonly server_name: string;
  readonly tool_name: string;
  readonly session_key: string;
  readonly digest: string;
};

/**
 * Gives up on calls whose outcome was not reported within ten minutes: the call and its request become
 * `unknown-outcome`, because nobody can say whether they ran. Answers how many; several workers may call it at once.
 */
export function expireOutcomes(deps: { readonly prisma: Database; readonly keys: Keys }): Promise<number> {
  return withTx(deps.prisma, async (tx) => {
    const overdue = await tx.$queryRaw<Overdue[]>`
      UPDATE decision_calls d SET state = 'unknown-outcome', finished_at = clock_timestamp()
      FROM agents a
      WHERE a.id = d.agent_id AND d.id IN (
        SELECT id FROM decision_calls
        WHERE state = 'allowed' AND allowed_at < clock_timestamp() - make_interval(secs => ${REPORT_WITHIN_S})
        ORDER BY allowed_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED)
      RETURNING d.id, a.name AS agent, d.request_id, d.server_name, d.tool_name, d.session_key, d.digest`;
    for (const call of overdue) {
      const facts = {
        actor: { type: 'system' as const, id: 'worker', name: 'worker' },
        agent: call.agent,
        server: call.server_name,
        tool: call.tool_name,
        session: call.session_key,
        callId: call.id,
        digest: call.digest,
        ...(call.request_id === null ? {} : { requestId: call.request_id }),
        result: { status: 'unknown-outcome' },
        detail: { why: 'no outcome was reported within ten minutes' },
      };
      await recordEvent(tx, deps.keys, { type: 'call.outcome', ...facts });
      if (call.request_id === null) continue;
      const ended = await tx.$queryRaw<{ version: number }[]>`
        UPDATE approval_requests SET status = 'unknown-outcome', finished_at = clock_timestamp(), version = version + 1
        WHERE id = ${call.request_id}::uuid AND status = 'consumed' RETURNING version`;
      const version = ended[0]?.version;
      if (version === undefined) continue;
      await recordEvent(tx, deps.keys, { type: 'request.unknown-outcome', ...facts });
      await notify(tx, 'cs_approval', { id: call.request_id, version, status: 'unknown-outcome' });
    }
    return overdue.length;
  });
}
