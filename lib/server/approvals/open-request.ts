// Server-only. A call that people must decide: open its request, or attach to the one that is already there.
import { randomBytes, randomUUIDv7 } from 'node:crypto';
import type pg from 'pg';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { totalOf } from '#lib/core/approvals/terms.ts';
import { attachKey } from '#lib/core/calls/attach-key.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { CallArguments, CallVia, Target } from '../calls/attempt.ts';
import { agentEvent, type CallFacts } from '../calls/call-events.ts';
import { digestOf } from '../calls/digest-of.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';
import { seal } from '../keys/seal.ts';
import { codeOfState, HELD_REQUEST_COLUMNS, type HeldRequest, toHeldRequest } from './held-request.ts';
import { killCovers } from './kill-covers.ts';
import { appendRows, retireStale, supersede } from './supersede-requests.ts';

export type OpenRequestInput = {
  readonly callId: string;
  readonly principal: AgentPrincipal;
  readonly target: Target;
  readonly args: CallArguments;
  /** The declared session, or null. */
  readonly session: string | null;
  /** The name that a quarantine would know its session by; bound to nothing else. */
  readonly sessionName?: string;
  readonly onBehalfOf: string | null;
  readonly via: CallVia;
  readonly rule: string;
  readonly policyVersion: number;
  readonly terms: HoldTerms;
  /** Every rule that matched. */
  readonly matched: readonly string[];
  readonly tainted: boolean;
  /** The agent's own words: untrusted, stored as they are. */
  readonly reason: string | null;
  /** Attach to this one or to none. */
  readonly onlyRequestId: string | null;
  /** A waiting request of this agent that the new one takes the place of. */
  readonly replaces?: string | null;
};

export type Opened =
  | { readonly kind: 'opened' | 'attached'; readonly request: HeldRequest }
  | { readonly kind: 'refused'; readonly code: ProblemCode; readonly request: HeldRequest | null };

/** Three denials of one tool within ten minutes: the agent is to stop asking, whatever the arguments, for five minutes. */
const COOLDOWN_DENIALS = 3;
const COOLDOWN_WINDOW_S = 600;
const COOLDOWN_S = 300;
/** A denial is remembered this long: a loop that asks again at once gets the same answer, and no reviewer sees it twice. */
const DENIAL_MEMORY_S = 60;

// The share lock makes a kill and an opening take turns; the advisory lock makes one agent's openings take turns.
const LOCK_SQL = `SELECT epoch::text AS epoch, pg_advisory_xact_lock(hashtextextended($1, 7)) FROM kill_head WHERE id = 1 FOR SHARE`;
const FIND_SQL = `SELECT ${HELD_REQUEST_COLUMNS} FROM approval_requests r
  WHERE r.attach_key = $1 AND (r.status IN ('pending', 'approved')
    OR (r.status = 'denied' AND r.decided_at > clock_timestamp() - make_interval(secs => ${DENIAL_MEMORY_S})))
  ORDER BY (r.status IN ('pending', 'approved')) DESC, r.decided_at DESC LIMIT 1`;
const FIND_BY_ID_SQL = `SELECT ${HELD_REQUEST_COLUMNS} FROM approval_requests r WHERE r.id = $1 AND r.attach_key = $2`;
// The snapshot may be some milliseconds old; a request about a pin that is no more would only bother people.
const LIMITS_SQL = `SELECT
  (SELECT count(*)::int FROM approval_requests WHERE agent_id = $1 AND status = 'pending'
    AND id IS DISTINCT FROM $10::uuid
    AND NOT EXISTS (SELECT FROM calibration_plants p WHERE p.call_id = approval_requests.call_id)) AS pending,
  (SELECT count(*)::int FROM (
    SELECT r.decided_at, first_value(r.decided_at) OVER (ORDER BY r.decided_at DESC) AS last FROM approval_requests r
    WHERE r.agent_id = $1 AND r.server_id = $11 AND r.tool_name = $5 AND r.status = 'denied'
      AND r.decided_at > clock_timestamp() - make_interval(secs => ${COOLDOWN_S + COOLDOWN_WINDOW_S})
    ) d WHERE d.last > clock_timestamp() - make_interval(secs => ${COOLDOWN_S})
      AND d.decided_at > d.last - make_interval(secs => ${COOLDOWN_WINDOW_S})) AS denials,
  EXISTS (SELECT 1 FROM kill_state k WHERE k."on" AND ${killCovers('$2', '$3', '$4', '$5', '$6')}) AS killed,
  EXISTS (SELECT 1 FROM tools t JOIN servers s ON s.id = t.server_id
    WHERE t.id = $7 AND t.pin_state = 'accepted' AND t.accepted_digest = $8 AND t.definition_digest = $8
      AND s.status = 'active' AND s.config_hash = $9) AS pinned`;
const INSERT_SQL = `WITH opened AS (
    INSERT INTO approval_requests AS r (id, call_id, agent_id, agent_name, agent_owner_id, on_behalf_of, session_key,
      server_id, server_name, server_config_hash, tool_name, tool_digest, args_hash, args_bytes, args_sealed, nonce, digest,
      attach_key, via, tier, action_class, rule, policy_version, quorum, kill_epoch, agent_reason, expires_at, approved_ttl_s,
      factors, step_up, undo_s, vote_ttl_s, escalation, matched, tainted, requested_at, escalate_at, opened_solo,
      session_name)
    SELECT $1::uuid, $2::uuid, $3::uuid, $4, $5::uuid, $6, $7, $8::uuid, $9, $10, $11, $12, $13, $14::int, $15::bytea, $16,
      $17, $18, $19, $20::tier, $21, $22, $23::int, $24::int, $25::bigint, $26, t.now + make_interval(secs => $27), $28::int,
      $29::jsonb, $30, $31::int, $32::int, $33::jsonb, $34::text[], $35::boolean, t.now,
      t.now + make_interval(secs => ($33::jsonb->0->>'afterS')::float8),
      reviewers_apart() = 1, $39
    FROM (SELECT clock_timestamp() AS now) t
    ON CONFLICT (attach_key) WHERE status IN ('pending', 'approved') DO NOTHING
    RETURNING ${HELD_REQUEST_COLUMNS}
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload) SELECT $36, $37::bytea, $38::bytea FROM opened
  ) SELECT opened.*, pg_notify('cs_approval', json_build_object('id', id, 'version', version, 'status', status)::text) FROM opened`;

/** An identical call by another connection waits for the same request: from now on it is that connection's. */
const MOVE_SQL = 'UPDATE approval_requests SET session_name = $2 WHERE id = $1 AND session_name IS DISTINCT FROM $2';

/**
 * Opens a request, frozen as it is now, or attaches to the open one of an identical call, in one transaction.
 *
 * Assumes a caller that has resolved the target and decided "hold". Refuses beyond the agent's pending cap, a call that
 * people denied within the last minute, a tool that they denied to this agent three times in ten minutes (for five), and a
 * call that a kill covers. A request of the agent's own that the new one replaces is superseded with it, or nothing is. A request that has run out, or whose tool or server
 * is no longer what it was, is retired first: its approval was for something else.
 */
export async function openRequest(
  pool: pg.Pool,
  keys: { readonly masterKey: Uint8Array },
  input: OpenRequestInput,
): Promise<Opened> {
  const client = await pool.connect();
  let broken = true;
  try {
    await client.query('BEGIN');
    const opened = await openLocked(client, keys, input);
    await client.query('COMMIT');
    broken = false;
    return opened;
  } catch (error) {
    await client.query('ROLLBACK').then(
      () => {
        broken = false;
      },
      () => undefined,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

async function openLocked(
  client: pg.PoolClient,
  keys: { readonly masterKey: Uint8Array },
  input: OpenRequestInput,
): Promise<Opened> {
  const { principal, target, args } = input;
  const sessionKey = input.session ?? `agent:${principal.id}`;
  const key = attachKey(
    {
      agent: principal.id,
      session: input.session,
      onBehalfOf: input.onBehalfOf,
      server: target.server.name,
      tool: target.tool.name,
      argsHash: args.hash,
    },
    nativeSha256Hex,
  );
  const facts: CallFacts = {
    callId: input.callId,
    principal,
    sessionKey,
    server: target.server.name,
    tool: target.tool.name,
    tier: target.tier,
    actionClass: target.actionClass,
    rule: input.rule,
    policyVersion: input.policyVersion,
  };
  const locked = await client.query<{ epoch: string }>(LOCK_SQL, [principal.id]);
  const epoch = locked.rows[0]?.epoch;
  if (epoch === undefined) throw new Error('kill_head has no row: the database is not migrated.');

  await retireStale(client, keys, facts, [key, target.tool.digest, target.server.configHash]);
  const found =
    input.onlyRequestId === null
      ? await client.query(FIND_SQL, [key])
      : await client.query(FIND_BY_ID_SQL, [input.onlyRequestId, key]);
  const existing = found.rows[0] === undefined ? null : toHeldRequest(found.rows[0]);
  if (existing !== null) {
    if (existing.status !== 'pending' && existing.status !== 'approved') {
      return { kind: 'refused', code: codeOfState(existing.status), request: existing };
    }
    // A poll of a call on record is the same attempt going on; a line for each would bury the story.
    if (input.onlyRequestId === null) {
      const attached = agentEvent(
        'request.attached',
        { ...facts, callId: existing.callId, requestId: existing.id, digest: existing.digest },
        { decision: 'hold' },
      );
      await appendRows(client, [buildInboxRow(attached, keys)]);
    }
    await client.query(MOVE_SQL, [existing.id, input.sessionName ?? sessionKey]);
    if (!(await supersede(client, keys, input, existing.id)))
      return { kind: 'refused', code: 'not-found', request: null };
    return { kind: 'attached', request: existing };
  }
  if (input.onlyRequestId !== null) return { kind: 'refused', code: 'not-found', request: null };

  const limits = await client.query<Limits>(LIMITS_SQL, [
    principal.id,
    target.tier,
    target.actionClass,
    target.server.name,
    target.tool.name,
    principal.name,
    target.tool.id,
    target.tool.digest,
    target.server.configHash,
    input.replaces ?? null,
    target.server.id,
  ]);
  const limit = limits.rows[0];
  if (limit === undefined || limit.killed) return { kind: 'refused', code: 'killed', request: null };
  if (!limit.pinned) return { kind: 'refused', code: 'tool-quarantined', request: null };
  if (limit.denials >= COOLDOWN_DENIALS) return { kind: 'refused', code: 'cooling-down', request: null };
  if (limit.pending >= principal.pendingCap) return { kind: 'refused', code: 'pending-cap', request: null };

  const id = randomUUIDv7();
  if (!(await supersede(client, keys, input, id))) return { kind: 'refused', code: 'not-found', request: null };
  const nonce = randomBytes(16).toString('base64url');
  const digest = digestOf({ principal, target, args, sessionKey, onBehalfOf: input.onBehalfOf, nonce });
  const event = agentEvent(
    'request.opened',
    { ...facts, requestId: id, digest, killEpoch: BigInt(epoch) },
    { decision: 'hold', payload: args.canonical, quorum: { needed: totalOf(input.terms), approved: 0, voters: [] } },
  );
  const row = buildInboxRow(event, keys);
  const inserted = await client.query(INSERT_SQL, [
    id,
    input.callId,
    principal.id,
    principal.name,
    principal.ownerId,
    input.onBehalfOf,
    sessionKey,
    target.server.id,
    target.server.name,
    target.server.configHash,
    target.tool.name,
    target.tool.digest,
    args.hash,
    Buffer.byteLength(args.canonical),
    seal(keys.masterKey, args.canonical, id),
    nonce,
    digest,
    key,
    input.via,
    target.tier,
    target.actionClass,
    input.rule,
    input.policyVersion,
    input.terms.quorum,
    epoch,
    input.reason,
    input.terms.pendingTtlS,
    input.terms.approvedTtlS,
    JSON.stringify(input.terms.factors),
    input.terms.stepUp,
    input.terms.undoS,
    input.terms.voteTtlS,
    JSON.stringify(input.terms.escalation),
    [...input.matched],
    input.tainted,
    row.event,
    row.salt,
    row.payload,
    input.sessionName ?? sessionKey,
  ]);
  // The advisory lock makes this impossible for one agent; the index makes it impossible at all.
  if (inserted.rows[0] === undefined) throw new Error('An open request with this attach key appeared under the lock.');
  return { kind: 'opened', request: toHeldRequest(inserted.rows[0]) };
}

type Limits = { pending: number; denials: number; killed: boolean; pinned: boolean };
