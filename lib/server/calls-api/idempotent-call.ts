// Server-only. One call per idempotency key, however often the agent's network makes it ask.
import { randomUUIDv7 } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';

/** `fresh`: ours to make. `known`: answer that call. The others are refusals. */
export type KeyClaim =
  | { readonly kind: 'fresh'; readonly callId: string }
  | { readonly kind: 'known'; readonly callId: string }
  | { readonly kind: 'mismatch' }
  | { readonly kind: 'in-flight' };

/** Longer than the longest wait (55 s): after that the first attempt is not running any more, it died. */
const ABANDONED_AFTER_S = 75;

const rowSchema = z.object({
  request_hash: z.string(),
  done: z.boolean(),
  abandoned: z.boolean(),
  call_id: z.string(),
  on_record: z.boolean(),
});

const CLAIM_SQL = `INSERT INTO idempotency_keys (actor, key, request_hash, response, created_at)
  VALUES ($1, $2, $3, jsonb_build_object('callId', $4::text), clock_timestamp()) ON CONFLICT (actor, key) DO NOTHING`;
const READ_SQL = `SELECT request_hash, status IS NOT NULL AS done, response->>'callId' AS call_id,
    created_at < clock_timestamp() - make_interval(secs => ${ABANDONED_AFTER_S}) AS abandoned,
    EXISTS (SELECT 1 FROM decision_calls d WHERE d.id::text = response->>'callId') AS on_record
  FROM idempotency_keys WHERE actor = $1 AND key = $2`;
const TAKE_OVER_SQL = `UPDATE idempotency_keys SET response = jsonb_build_object('callId', $3::text), created_at = clock_timestamp()
  WHERE actor = $1 AND key = $2 AND status IS NULL AND created_at < clock_timestamp() - make_interval(secs => ${ABANDONED_AFTER_S})`;

/**
 * Claims a key for a body, or says which call it already stands for. `wait` is how long to listen, not what to do, so it
 * does not count as another body. An attempt that died before its call was on record gives the key up: nothing ran.
 */
export async function claimKey(pool: pg.Pool, agentId: string, given: string, body: JsonObject): Promise<KeyClaim> {
  const actor = actorOf(agentId);
  const key = keptOf(given);
  const callId = randomUUIDv7();
  const { wait: _, ...meant } = body;
  const hash = nativeSha256Hex(canonicalJson(meant));
  const claimed = await pool.query(CLAIM_SQL, [actor, key, hash, callId]);
  if (claimed.rowCount === 1) return { kind: 'fresh', callId };
  const found = await pool.query(READ_SQL, [actor, key]);
  if (found.rows[0] === undefined) return { kind: 'in-flight' };
  const row = rowSchema.parse(found.rows[0]);
  if (row.request_hash !== hash) return { kind: 'mismatch' };
  if (row.done || (row.abandoned && row.on_record)) return { kind: 'known', callId: row.call_id };
  if (!row.abandoned) return { kind: 'in-flight' };
  const taken = await pool.query(TAKE_OVER_SQL, [actor, key, callId]);
  return taken.rowCount === 1 ? { kind: 'fresh', callId } : { kind: 'in-flight' };
}

/** Ties the key to the call that answered: an identical call that joined a request has the request's call id. */
export async function tieKey(pool: pg.Pool, agentId: string, key: string, callId: string): Promise<void> {
  await pool.query(
    `UPDATE idempotency_keys SET status = 200, response = jsonb_build_object('callId', $3::text) WHERE actor = $1 AND key = $2`,
    [actorOf(agentId), keptOf(key), callId],
  );
}

/** Gives the key back when nothing was put on record, so that a retry may try again. */
export async function releaseKey(pool: pg.Pool, agentId: string, key: string): Promise<void> {
  await pool.query('DELETE FROM idempotency_keys WHERE actor = $1 AND key = $2 AND status IS NULL', [
    actorOf(agentId),
    keptOf(key),
  ]);
}

/** What is kept of a key: it is text of the agent's and may hold anything, a credential too. */
function keptOf(key: string): string {
  return nativeSha256Hex(key);
}

function actorOf(agentId: string): string {
  return `agent:${agentId}`;
}
