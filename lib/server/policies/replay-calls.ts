// Server-only. Recorded calls, met again by policies as they stand today.
import type { PolicyCall } from '#lib/core/policies/rule.ts';
import type { Tx } from '../db/tx.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import { readKnownTools } from './read-world.ts';
import { type RecordedCall, recordedCalls } from './recorded-calls.ts';

export const SIMULATED_DAYS = 30;
/** Newer ones say more; older ones are left out, and that is said. */
export const MOST_SIMULATED_CALLS = 50_000;
const TURN_MS = 20;

/** A recorded call as a policy is asked about it, with its time. */
type AskedCall = PolicyCall & { readonly nowMs: number };

/**
 * Hands over the recorded calls of a time, newest first, at most `most`; true when there were more.
 *
 * By today's tags, because that is what any policy would meet; calls of tools that are gone are left out, since no policy
 * is asked about them. Each call is as of its own time. Other requests of this process get their turn in between.
 */
export async function replayCalls(
  tx: Tx,
  keys: { readonly masterKey: Uint8Array },
  window: { readonly since: Date; readonly until: Date; readonly most: number },
  meet: (asked: AskedCall, recorded: RecordedCall) => void,
): Promise<boolean> {
  const tools = new Map((await readKnownTools(tx)).map((one) => [`${one.server}\n${one.tool}`, one]));
  const tainted = await readTaints(tx);
  let read = 0;
  let turnAt = performance.now();
  for await (const batch of recordedCalls(tx, keys, { ...window, limit: window.most + 1 })) {
    for (const call of batch) {
      if (++read > window.most) return true;
      const known = tools.get(`${call.server}\n${call.tool}`);
      if (known === undefined) continue;
      const asked = {
        agent: call.agent,
        server: call.server,
        tool: call.tool,
        tier: known.tier,
        actionClass: known.actionClass,
        args: call.args,
        session: call.session,
        tainted: call.atMs >= (tainted.get(`${call.agent}\n${call.session ?? ''}`) ?? Number.POSITIVE_INFINITY),
        inspectable: call.args === undefined ? undefined : inspectableOf(call.args),
        nowMs: call.atMs,
      };
      meet(asked, call);
      // Also when rules want arguments read.
      if (performance.now() - turnAt < TURN_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      turnAt = performance.now();
    }
  }
  return false;
}

/** Since when which session is tainted, under the names that the log has for them. */
async function readTaints(tx: Tx): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.$queryRaw<{ agent: string; session_key: string; since: Date }[]>`
    SELECT a.name AS agent, t.session_key, t.since FROM session_taints t JOIN agents a ON a.id = t.agent_id`;
  return new Map(rows.map((row) => [`${row.agent}\n${row.session_key}`, row.since.getTime()]));
}
