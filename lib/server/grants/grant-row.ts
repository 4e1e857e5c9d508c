// Server-only. A grant as the database has it, and as terms that people agree to.
import { z } from 'zod';
import { GRANT_STATES } from '#lib/contracts/grants.ts';
import { factorSchema } from '#lib/contracts/hold-terms.ts';
import { actionClassSchema, tierSchema } from '#lib/contracts/shared-shapes.ts';
import type { GrantTerms } from '#lib/core/grants/grant.ts';

const rowSchema = z.object({
  id: z.string(),
  version: z.number().int(),
  status: z.enum(GRANT_STATES),
  agent_id: z.string(),
  agent_name: z.string(),
  agent_owner_id: z.string(),
  server_id: z.string(),
  server_name: z.string(),
  server_config_hash: z.string(),
  tool_name: z.string().nullable(),
  tool_digest: z.string().nullable(),
  action_class: actionClassSchema.nullable(),
  condition: z.string().nullable(),
  max_uses: z.number().int(),
  uses: z.number().int(),
  quorum: z.number().int(),
  factors: z.array(factorSchema),
  step_up: z.enum(['none', 'passkey']),
  vote_ttl_s: z.number().int(),
  tier: tierSchema,
  minutes: z.number().int(),
  policy_version: z.number().int(),
  kill_epoch: z.coerce.bigint(),
  digest: z.string(),
  request_id: z.string().nullable(),
  opened_solo: z.boolean(),
  reason: z.string(),
  created_by: z.string(),
  created_at: z.date(),
  decide_by: z.date(),
  activated_at: z.date().nullable(),
  expires_at: z.date().nullable(),
  ended_at: z.date().nullable(),
  last_used_at: z.date().nullable(),
});
export type GrantRow = z.infer<typeof rowSchema>;

/** The columns of `GrantRow`, for a query that calls the table `g`. One past its time reads as expired. */
export const GRANT_COLUMNS = `g.id::text, g.version, g.agent_id::text, g.agent_name, g.agent_owner_id::text,
  g.server_id::text, g.server_name, g.server_config_hash, g.tool_name, g.tool_digest, g.action_class, g.condition,
  g.max_uses, g.uses, g.quorum, g.factors, g.step_up, g.vote_ttl_s, g.tier::text, g.minutes, g.policy_version,
  g.kill_epoch::text, g.digest, g.request_id::text, g.opened_solo, g.reason, g.created_by::text, g.created_at,
  g.decide_by, g.activated_at, g.expires_at, g.ended_at, g.last_used_at,
  CASE WHEN g.status = 'pending' AND g.decide_by <= clock_timestamp() THEN 'expired'
       WHEN g.status = 'active' AND g.expires_at <= clock_timestamp() THEN 'expired'
       ELSE g.status::text END AS status`;

/** Parses a row of those columns. */
export function toGrantRow(row: unknown): GrantRow {
  return rowSchema.parse(row);
}

/** What people agree to: the members that the digest covers. */
export function termsOf(row: GrantRow): GrantTerms {
  return {
    id: row.id,
    agentId: row.agent_id,
    agentName: row.agent_name,
    serverId: row.server_id,
    serverName: row.server_name,
    serverConfigHash: row.server_config_hash,
    toolName: row.tool_name,
    toolDigest: row.tool_digest,
    actionClass: row.action_class,
    condition: row.condition,
    maxUses: row.max_uses,
    minutes: row.minutes,
    quorum: row.quorum,
    factors: row.factors,
    stepUp: row.step_up,
    tier: row.tier,
    policyVersion: row.policy_version,
    killEpoch: row.kill_epoch.toString(),
  };
}
