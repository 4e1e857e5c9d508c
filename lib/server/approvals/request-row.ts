// Server-only. An approval request as the console reads it.
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import type { ApprovalState } from '#lib/core/approvals/states.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { open } from '../keys/seal.ts';
import { TERMS_COLUMNS } from './frozen-terms.ts';

export type RequestRow = {
  id: string;
  version: number;
  status: ApprovalState;
  call_id: string;
  agent_id: string;
  agent_name: string;
  agent_owner_id: string;
  current_owner_id: string;
  on_behalf_of: string | null;
  opened_solo: boolean;
  session_key: string;
  server_id: string;
  server_name: string;
  server_config_hash: string;
  tool_name: string;
  tool_digest: string;
  args_hash: string;
  args_bytes: number;
  args_sealed: Uint8Array | null;
  args_erased_at: Date | null;
  nonce: string;
  digest: string;
  tier: Tier;
  action_class: ActionClass;
  rule: string;
  policy_version: number;
  quorum: number;
  agent_reason: string | null;
  requested_at: Date;
  expires_at: Date;
  decided_at: Date | null;
  approved_until: Date | null;
  approved_ttl_s: number;
  finished_at: Date | null;
  execute_after: Date | null;
  superseded_by: string | null;
  matched: string[];
  tainted: boolean;
  escalation_step: number;
  escalate_at: Date | null;
  factors: unknown;
  step_up: string;
  undo_s: number;
  vote_ttl_s: number;
  escalation: unknown;
  places: number;
  claimed_by_name: string | null;
  approved: number;
  red_team: boolean;
  now: Date;
};

/** Arguments larger than this are opened for the one request that somebody reads, not for every row of a list. */
const LIST_ARGS_BYTES = 65_536;
const PREVIEW_UNITS = 160;

/**
 * The columns of a row, for `FROM approval_requests r JOIN agents a ON a.id = r.agent_id`. A request past its time reads
 * as expired even before the sweep has written so: time is the database's, not the worker's.
 */
export function requestColumns(args: 'all' | 'small'): Prisma.Sql {
  const sealed =
    args === 'all'
      ? Prisma.sql`r.args_sealed`
      : Prisma.sql`CASE WHEN r.args_bytes <= ${LIST_ARGS_BYTES} THEN r.args_sealed END AS args_sealed`;
  return Prisma.sql`r.id::text, r.version,
    CASE WHEN r.status = 'pending' AND r.expires_at <= clock_timestamp() THEN 'expired'
         WHEN r.status = 'approved' AND r.approved_until <= clock_timestamp() THEN 'expired-unused'
         ELSE r.status::text END AS status,
    r.call_id::text, r.agent_id::text, r.agent_name, r.agent_owner_id::text, a.owner_id::text AS current_owner_id,
    r.on_behalf_of, r.opened_solo, r.session_key, r.server_id::text, r.server_name, r.server_config_hash, r.tool_name, r.tool_digest,
    r.args_hash, r.args_bytes, ${sealed}, r.args_erased_at, r.nonce, r.digest, r.tier::text AS tier, r.action_class, r.rule,
    r.policy_version, r.agent_reason, r.requested_at, r.expires_at, r.decided_at, r.approved_until, r.finished_at,
    r.execute_after, r.superseded_by::text, r.matched, r.tainted, r.escalation_step, r.escalate_at, ${Prisma.raw(TERMS_COLUMNS)},
    (SELECT coalesce(sum((f->>'count')::numeric), 0)::float8 FROM jsonb_array_elements(r.factors) f) AS places,
    (SELECT p.name FROM people p WHERE p.id = r.claimed_by AND r.claim_until > clock_timestamp()) AS claimed_by_name,
    (SELECT count(*)::int FROM votes v WHERE v.request_id = r.id AND v.decision = 'approve'
      AND v.withdrawn_at IS NULL) AS approved,
    r.agent_id = ANY ((SELECT red_team_agent_ids())::uuid[]) AS red_team,
    clock_timestamp() AS now`;
}

/** The canonical argument bytes as text: exactly what was hashed and will be sent. Throws when the seal is broken. */
export function openArgs(row: Pick<RequestRow, 'id' | 'args_sealed'>, keys: Keys): string {
  if (row.args_sealed === null) throw new Error('The arguments were not read with this row.');
  return open(keys.masterKey, row.args_sealed, row.id).toString('utf8');
}

/** A row of the inbox. `mine` = the reader owns the agent that asks. */
export function toSummary(row: RequestRow, canonicalArgs: string | null, personId: string | null): ApprovalSummary {
  return {
    id: row.id,
    version: row.version,
    digest: row.digest,
    status: row.status,
    callId: row.call_id,
    agent: row.agent_name,
    ...(row.red_team ? { redTeam: true } : {}),
    onBehalfOf: row.on_behalf_of,
    server: row.server_name,
    tool: row.tool_name,
    tier: row.tier,
    actionClass: row.action_class,
    rule: row.rule,
    quorum: { needed: Math.max(row.quorum, row.places), approved: row.approved },
    argsPreview: preview(canonicalArgs, row.args_bytes),
    argsBytes: row.args_bytes,
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
    claimedBy: row.claimed_by_name,
    mine: row.agent_owner_id === personId || row.current_owner_id === personId,
  };
}

function preview(canonicalArgs: string | null, bytes: number): string {
  if (canonicalArgs === null) return `${bytes} bytes of arguments`;
  if (canonicalArgs.length <= PREVIEW_UNITS) return canonicalArgs;
  // Never half a character: a lone surrogate would not survive the way to the browser.
  return `${canonicalArgs
    .slice(0, PREVIEW_UNITS)
    .toWellFormed()
    .replace(/\uFFFD$/u, '')}…`;
}
