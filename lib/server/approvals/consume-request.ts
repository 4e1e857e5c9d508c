// Server-only. The one step from "approved" to "may run": a single statement, so that nothing can change in between.
import type pg from 'pg';
import { z } from 'zod';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { TIERS, type Tier } from '#lib/core/risk/types.ts';
import { buildInboxRow, type InboxRow } from '../audit/record-event.ts';
import { escalatableGroups } from './escalation.ts';
import { codeOfState, HELD_REQUEST_COLUMNS, type HeldRequest, toHeldRequest } from './held-request.ts';
import { inboxColumns } from './inbox-columns.ts';
import { killCovers } from './kill-covers.ts';

export type ConsumeInput = {
  readonly requestId: string;
  /** Digest of what is about to be sent, computed anew from the bytes at hand and the registry as it is now. */
  readonly digest: string;
  /** The kill epoch this gateway knows; a newer one on the primary consumes nothing. */
  readonly knownEpoch: bigint;
  readonly bootId: string;
  /** The tier as the registry has it now; the stricter of this and the frozen one is what a kill looks at. */
  readonly tier: Tier;
  /** The stricter of the frozen terms and those that policy asks for now. */
  readonly terms: HoldTerms;
  /** The version that the caller decided by; another one in force on the primary consumes nothing. */
  readonly policyVersion: number;
  /** Inserted by the same statement: `request.consumed` and the call's intent. */
  readonly rows: readonly InboxRow[];
};

export type Consumed =
  | { readonly kind: 'consumed' }
  /** The kill epoch moved: renew the lease, then try again. */
  | { readonly kind: 'epoch-moved' }
  /** Another policy version is in force: read it, decide again, then try again. */
  | { readonly kind: 'policy-moved' }
  /** The undo window is still open, or was until a moment ago: `inMs` is then 0. */
  | { readonly kind: 'too-early'; readonly inMs: number }
  /** Somebody else's attempt consumed it. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly request: HeldRequest | null };

// What policy asks for by now may be stricter than what the row was approved with. A column keeps milliseconds and rounds up
// half of the time, so an empty window is not compared with the clock.
const undoOver = (undoS: string) => `(r.decided_at + make_interval(secs => ${undoS}::float8))`;
const usableUntil = (undoS: string, ttlS: string) =>
  `(greatest(r.execute_after, ${undoOver(undoS)}) + make_interval(secs => least(r.approved_ttl_s, ${ttlS}::float8)))`;

const STILL_PINNED = `EXISTS (
        SELECT 1 FROM tools t JOIN servers s ON s.id = t.server_id
        WHERE s.id = r.server_id AND t.name = r.tool_name AND t.pin_state = 'accepted'
          AND t.accepted_digest = r.tool_digest AND t.definition_digest = r.tool_digest
          AND s.status = 'active' AND s.config_hash = r.server_config_hash)`;
const stillCounted = (first: number) => {
  const at = (n: number) => `$${first + n}`;
  const [quorum, factors, stepUp, ttlS, groups] = [at(0), at(1), at(2), at(3), at(4)];
  return `approval_quorum_met(r.id, greatest(r.quorum, ${quorum}::int), ${factors}::jsonb, ${stepUp}, least(r.vote_ttl_s, ${ttlS}::int), ${groups}::text[])`;
};

// No list says who may use the egress proxy: entries of one's own do, and the snapshot was asked for them.
const MAY_USE = `EXISTS (SELECT 1 FROM agents a WHERE a.id = r.agent_id AND a.status = 'active' AND (r.via = 'egress-proxy'
    OR EXISTS (SELECT 1 FROM agent_servers x WHERE x.agent_id = a.id AND x.server_id = r.server_id)))`;

const CONSUME_SQL = `WITH head AS MATERIALIZED (
    SELECT epoch FROM kill_head WHERE id = 1 AND epoch = $2::bigint FOR SHARE
  ), taken AS (
    UPDATE approval_requests r
    SET status = 'consumed', consumed_at = clock_timestamp(), consumed_by = $3::uuid, version = r.version + 1
    FROM head
    WHERE r.id = $1::uuid AND r.status = 'approved' AND r.digest = $4
      AND r.approved_until > clock_timestamp()
      AND (r.execute_after IS NULL OR r.execute_after <= clock_timestamp())
      AND ($15::float8 = 0 OR ${undoOver('$15')} <= clock_timestamp())
      AND ${usableUntil('$15', '$16')} > clock_timestamp()
      AND NOT EXISTS (
        SELECT 1 FROM kill_state k WHERE (k."on" OR k.killed_epoch > r.kill_epoch)
          AND (${killCovers('r.tier', 'r.action_class', 'r.server_name', 'r.tool_name', 'r.agent_name')}
            OR ${killCovers('$5', 'r.action_class', 'r.server_name', 'r.tool_name', 'r.agent_name')}))
      AND ${STILL_PINNED}
      AND ${MAY_USE}
      AND $9::int = (SELECT coalesce(max(p.version), 0) FROM policy_versions p WHERE p.status = 'published')
      AND NOT EXISTS (
        SELECT 1 FROM votes v WHERE v.request_id = r.id AND v.decision = 'deny' AND v.withdrawn_at IS NULL)
      AND ${stillCounted(10)}
    RETURNING r.id, r.version
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload)
    SELECT e.event, e.salt, e.payload FROM taken, unnest($6::text[], $7::bytea[], $8::bytea[]) AS e (event, salt, payload)
  )
  SELECT pg_notify('cs_approval', json_build_object('id', id, 'version', version, 'status', 'consumed')::text) FROM taken`;

const WHY_SQL = `SELECT ${HELD_REQUEST_COLUMNS}, (SELECT epoch FROM kill_head WHERE id = 1) <> $2::bigint AS epoch_moved,
    (SELECT coalesce(max(p.version), 0) FROM policy_versions p WHERE p.status = 'published') <> $4::int AS policy_moved,
    EXISTS (SELECT 1 FROM kill_state k WHERE (k."on" OR k.killed_epoch > r.kill_epoch)
      AND (${killCovers('r.tier', 'r.action_class', 'r.server_name', 'r.tool_name', 'r.agent_name')}
        OR ${killCovers('$3', 'r.action_class', 'r.server_name', 'r.tool_name', 'r.agent_name')})) AS killed,
    ${MAY_USE} AS allowed,
    greatest(0, coalesce(extract(epoch FROM greatest(r.execute_after, ${undoOver('$5')}) - clock_timestamp()) * 1000, 0)) AS early_ms,
    ${usableUntil('$5', '$6')} <= clock_timestamp() AS late,
    (SELECT s.status = 'disabled' FROM servers s WHERE s.id = r.server_id) AS disabled,
    ${STILL_PINNED} AND ${stillCounted(7)} AS stands
  FROM approval_requests r WHERE r.id = $1`;

/**
 * Consumes an approval exactly once, or says why not.
 *
 * One UPDATE carries every re-check (kill switch, policy version, pin, server, agent, expiry, undo window, digest, the votes
 * counted anew) and the intent row, so that after a kill commits nothing is consumed, and no crash can leave an execution
 * without its record. Time is the database's. Zero rows means nothing happened; only then a second read looks for the
 * reason, and an attempt with other bytes than were approved is put on record (T02).
 */
export async function consumeRequest(pool: pg.Pool, input: ConsumeInput): Promise<Consumed> {
  const taken = await pool.query({
    name: 'consume-request',
    text: CONSUME_SQL,
    values: [
      input.requestId,
      input.knownEpoch.toString(),
      input.bootId,
      input.digest,
      input.tier,
      ...inboxColumns(input.rows),
      input.policyVersion,
      input.terms.quorum,
      JSON.stringify(input.terms.factors),
      input.terms.stepUp,
      input.terms.voteTtlS,
      escalatableGroups(input.terms),
      input.terms.undoS,
      input.terms.approvedTtlS,
    ],
  });
  if (taken.rowCount === 1) return { kind: 'consumed' };
  return why(pool, input);
}

type Reasons = {
  epoch_moved: boolean;
  policy_moved: boolean;
  killed: boolean;
  allowed: boolean;
  /** How long the stricter undo window still runs; pg hands a numeric over as text. */
  early_ms: string;
  /** The stricter lifetime is over; null while nothing is approved. */
  late: boolean | null;
  disabled: boolean | null;
  /** The pin holds and the votes count. */
  stands: boolean;
};

async function why(pool: pg.Pool, input: ConsumeInput): Promise<Consumed> {
  const { rows } = await pool.query<Reasons>(WHY_SQL, [
    input.requestId,
    input.knownEpoch.toString(),
    input.tier,
    input.policyVersion,
    input.terms.undoS,
    input.terms.approvedTtlS,
    input.terms.quorum,
    JSON.stringify(input.terms.factors),
    input.terms.stepUp,
    input.terms.voteTtlS,
    escalatableGroups(input.terms),
  ]);
  const row = rows[0];
  if (row === undefined) return { kind: 'refused', code: 'not-found', request: null };
  const request = toHeldRequest(row);
  const refused = (code: ProblemCode): Consumed => ({ kind: 'refused', code, request });
  const isUsed = ['consumed', 'succeeded', 'failed', 'unknown-outcome'].includes(request.status);
  if (request.digest !== input.digest && (isUsed || request.status === 'approved')) {
    await recordReplay(pool, input);
    return refused('stale-digest');
  }
  if (isUsed) return { kind: 'taken' };
  if (row.killed) return refused('killed');
  if (request.status !== 'approved') return refused(codeOfState(request.status));
  if (row.epoch_moved) return { kind: 'epoch-moved' };
  if (row.policy_moved) return { kind: 'policy-moved' };
  const earlyMs = Number(row.early_ms);
  if (earlyMs > 0) return { kind: 'too-early', inMs: earlyMs };
  if (row.late === true) return refused('approval-expired');
  if (!row.allowed) return refused('unknown-server');
  if (row.disabled !== false) return refused('server-disabled');
  // Nothing stands in the way by now: the window ended between the statement and this question.
  if (row.stands) return { kind: 'too-early', inMs: 0 };
  // What is left: the pin or the server's address changed, or votes no longer count (role lost, too old).
  return refused('approval-superseded');
}

const REPLAY_SQL = `SELECT r.call_id, r.agent_name, r.server_name, r.tool_name, r.session_key, r.tier::text AS tier, r.digest
  FROM approval_requests r WHERE r.id = $1`;
const replayedSchema = z.object({
  call_id: z.string(),
  agent_name: z.string(),
  server_name: z.string(),
  tool_name: z.string(),
  session_key: z.string(),
  tier: z.enum(TIERS),
  digest: z.string(),
});
/** The alert has no payload, so nothing of it is sealed and no key is needed. */
const NO_KEYS = { masterKey: new Uint8Array() };

/** An approval was presented with bytes that nobody approved: an attack or a broken client, and both must be seen. */
async function recordReplay(pool: pg.Pool, input: ConsumeInput): Promise<void> {
  const { rows } = await pool.query(REPLAY_SQL, [input.requestId]);
  const row = replayedSchema.parse(rows[0]);
  const alert = buildInboxRow(
    {
      type: 'call.replayed-with-other-arguments',
      actor: { type: 'system', id: 'gateway', name: 'gateway' },
      session: row.session_key,
      agent: row.agent_name,
      server: row.server_name,
      tool: row.tool_name,
      callId: row.call_id,
      requestId: input.requestId,
      tier: row.tier,
      digest: row.digest,
      decision: 'deny',
      code: 'stale-digest',
      detail: { presented: input.digest },
    },
    NO_KEYS,
  );
  await pool.query('INSERT INTO audit_inbox (event) VALUES ($1)', [alert.event]);
}
