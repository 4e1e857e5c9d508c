// Server-only. Which values of a call no call before it had.
import { type FirstSeen, firstSeen, type NotableValue, notableValues } from '#lib/core/inspect/notable-values.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { openPayload } from '../audit/sealed-payload.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { openArgs, type RequestRow } from './request-row.ts';

/** Calls that are opened at most, of either kind, newest first: a page must not open a month of payloads. */
const MOST_CALLS = 150;
const LARGEST_BYTES = 262_144;
/** Of either kind together: an agent that fills every call would have each look at its requests read forty megabytes. */
const MOST_BYTES = 1_048_576;

/**
 * Compares the notable values of a call with those of earlier calls of the same agent with the same tool that a human or
 * a rule let through: approved requests, and calls that ran without one. Denied ones do not make a value known.
 */
export async function readFirstSeen(
  tx: Tx,
  keys: Keys,
  row: RequestRow,
  args: JsonObject,
  days: number,
): Promise<{ readonly calls: number; readonly values: FirstSeen[] }> {
  const now = notableValues(args);
  if (now.length === 0) return { calls: 0, values: [] };
  const texts = [...(await approvedArgs(tx, keys, row, days)), ...(await ranArgs(tx, keys, row, days))];
  const earlier: NotableValue[] = [];
  for (const text of texts) {
    const parsed = parseStrict(text, { maxBytes: LARGEST_BYTES });
    if (parsed.ok) earlier.push(...notableValues(parsed.value));
  }
  return { calls: texts.length, values: [...firstSeen(now, earlier)] };
}

async function approvedArgs(tx: Tx, keys: Keys, row: RequestRow, days: number): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ id: string; args_sealed: Uint8Array }[]>`
    SELECT id::text, args_sealed FROM (
      SELECT id, args_sealed, requested_at, sum(args_bytes) OVER (ORDER BY requested_at DESC, id) AS so_far
      FROM (
        SELECT id, args_sealed, args_bytes, requested_at FROM approval_requests
        WHERE agent_id = ${row.agent_id}::uuid AND server_id = ${row.server_id}::uuid AND tool_name = ${row.tool_name}
          AND id <> ${row.id}::uuid AND requested_at < ${row.requested_at} AND args_bytes <= ${LARGEST_BYTES}
          AND args_erased_at IS NULL
          AND requested_at > ${row.requested_at}::timestamptz - make_interval(days => ${days})
          AND status IN ('approved', 'consumed', 'succeeded', 'failed', 'unknown-outcome', 'expired-unused')
        ORDER BY requested_at DESC, id LIMIT ${MOST_CALLS}
      ) newest
    ) counted WHERE so_far <= ${MOST_BYTES} ORDER BY requested_at DESC, id`;
  return rows.map((one) => openArgs(one, keys));
}

/** What ran by a rule or a grant has no request, and its arguments lie beside the log for as long as they are kept. */
async function ranArgs(tx: Tx, keys: Keys, row: RequestRow, days: number): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ event_id: string; salt: Uint8Array; payload: Uint8Array }[]>`
    SELECT event_id, salt, payload FROM (
      SELECT *, sum(length(payload)) OVER (ORDER BY seq DESC) AS so_far FROM (
        SELECT e.event_id::text AS event_id, e.seq, p.salt, p.payload
        FROM audit_entries e JOIN audit_payloads p ON p.event_id = e.event_id
        WHERE e.agent = ${row.agent_name} AND e.server = ${row.server_name} AND e.tool = ${row.tool_name}
          AND e.type = 'call.intent' AND e.at < ${row.requested_at} AND length(p.payload) <= ${LARGEST_BYTES}
          AND e.seq >= audit_seq_at(${row.requested_at}::timestamptz - make_interval(days => ${days}))
          AND NOT EXISTS (SELECT FROM approval_requests q WHERE q.call_id = e.call_id)
        ORDER BY e.seq DESC LIMIT ${MOST_CALLS}
      ) newest
    ) counted WHERE so_far <= ${MOST_BYTES} ORDER BY seq DESC`;
  return rows.flatMap((one) => {
    try {
      return [openPayload(keys.masterKey, one.salt, one.event_id, one.payload)];
    } catch {
      // A payload that cannot be opened makes no value known.
      return [];
    }
  });
}
