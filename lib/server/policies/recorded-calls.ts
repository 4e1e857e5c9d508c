// Server-only. The calls of the log as policies meet them: each once, newest first, with the arguments that were kept.
import { z } from 'zod';
import { auditSessionId } from '#lib/core/audit/session-id.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { openPayload } from '../audit/sealed-payload.ts';
import type { Tx } from '../db/tx.ts';

/** One recorded call. `args` and `text` are absent when the arguments are no longer kept or cannot be opened. */
export type RecordedCall = {
  readonly callId: string;
  readonly atMs: number;
  readonly agent: string;
  readonly server: string;
  readonly tool: string;
  readonly session: string | undefined;
  readonly args: JsonObject | undefined;
  readonly text: string | undefined;
};

type Row = {
  call_id: string;
  at: Date;
  agent: string;
  server: string;
  tool: string;
  session_id: string | null;
  event_id: string;
  salt: Uint8Array | null;
  payload: Uint8Array | null;
  seq: bigint;
};

const BATCH = 2_000;
/** A row may carry an older time than its number suggests, for as long as a transaction may last. */
const SLACK = '10 minutes';

const argsSchema = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);

/**
 * Yields batches of calls between two times, newest first, at most `limit` rows in all.
 *
 * A call is on record once when it ran (intent), waited (request) or was refused; of several the one that kept its
 * arguments is yielded. Keyset pages over the primary key, so memory stays flat however large the log is.
 */
export async function* recordedCalls(
  tx: Tx,
  keys: { readonly masterKey: Uint8Array },
  window: { readonly since: Date; readonly until: Date; readonly limit: number },
): AsyncGenerator<readonly RecordedCall[]> {
  const seen = new Set<string>();
  let before: bigint | null = null;
  while (seen.size < window.limit) {
    const rows: Row[] = await readBatch(tx, window, before);
    const last = rows.at(-1);
    if (last === undefined) return;
    before = last.seq;
    const batch: RecordedCall[] = [];
    for (const row of rows) {
      if (seen.has(row.call_id) || seen.size >= window.limit) continue;
      seen.add(row.call_id);
      batch.push(toCall(row, keys.masterKey));
    }
    yield batch;
    if (rows.length < BATCH) return;
  }
}

/** Entries that begin a call. One without arguments gives way to another of the same call that has them. */
function readBatch(tx: Tx, window: { readonly since: Date; readonly until: Date }, before: bigint | null) {
  return tx.$queryRaw<Row[]>`
    SELECT e.seq, e.call_id::text AS call_id, e.at, e.agent, e.server, e.tool, e.session_id, e.event_id::text AS event_id,
      p.salt, p.payload
    FROM audit_entries e LEFT JOIN audit_payloads p ON p.event_id = e.event_id
    WHERE e.seq >= audit_seq_at(${window.since}::timestamptz - ${SLACK}::interval)
      AND (${before}::bigint IS NULL OR e.seq < ${before}::bigint)
      AND e.at >= ${window.since} AND e.at < ${window.until}
      AND e.type IN ('call.intent', 'call.refused', 'request.opened')
      AND NOT EXISTS (SELECT 1 FROM calibration_plants c WHERE c.call_id = e.call_id AND c.judged_at IS NOT NULL)
      AND e.agent <> ALL ((SELECT red_team_agents())::text[])
      AND e.call_id IS NOT NULL AND e.agent IS NOT NULL AND e.server IS NOT NULL AND e.tool IS NOT NULL
      AND (p.payload IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM audit_entries o JOIN audit_payloads q ON q.event_id = o.event_id
        WHERE o.call_id = e.call_id AND o.type IN ('call.intent', 'request.opened')))
    ORDER BY e.seq DESC LIMIT ${BATCH}`;
}

function toCall(row: Row, masterKey: Uint8Array): RecordedCall {
  const text = textOf(row, masterKey);
  const args = text === undefined ? undefined : argsOf(text);
  const prefix = auditSessionId(row.agent, '');
  return {
    callId: row.call_id,
    atMs: row.at.getTime(),
    agent: row.agent,
    server: row.server,
    tool: row.tool,
    session: row.session_id?.startsWith(prefix) ? row.session_id.slice(prefix.length) : (row.session_id ?? undefined),
    args,
    text: args === undefined ? undefined : text,
  };
}

function textOf(row: Row, masterKey: Uint8Array): string | undefined {
  if (row.salt === null || row.payload === null) return undefined;
  try {
    return openPayload(masterKey, row.salt, row.event_id, row.payload);
  } catch {
    // Another master key or a changed byte: for a simulation that is a call without arguments, and counted as one.
    return undefined;
  }
}

function argsOf(text: string): JsonObject | undefined {
  try {
    const parsed = argsSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
