// Server-only. What policy asks for a held call at this moment, beside what it asked when the call was held.
import { z } from 'zod';
import { stricterTerms } from '#lib/core/approvals/terms.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { HoldTerms, PolicyCall } from '#lib/core/policies/rule.ts';
import { type ActionClass, stricterTier, type Tier } from '#lib/core/risk/types.ts';
import type { Tx } from '../db/tx.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import type { Keys } from '../keys/load-keys.ts';
import { open } from '../keys/seal.ts';
import { storedRulesSchema } from '../snapshot/config-rows.ts';
import { observeRules } from '../snapshot/observe-rules.ts';
import type { LockedRequest } from './locked-request.ts';

export type TermsNow = {
  /** The stricter of both, part by part. */
  readonly terms: HoldTerms;
  /** Policy denies such a call by now: nobody can approve it. */
  readonly denied: boolean;
  /** The call as the registry tags it now. */
  readonly call: PolicyCall & { readonly tier: Tier; readonly actionClass: ActionClass };
};

/** What of a request the question depends on. */
export type HeldFacts = Pick<
  LockedRequest,
  | 'id'
  | 'agent_id'
  | 'agent_name'
  | 'server_id'
  | 'server_name'
  | 'tool_name'
  | 'session_key'
  | 'args_sealed'
  | 'tier'
  | 'action_class'
  | 'tainted'
  | 'now'
  | 'frozen'
>;

const argsSchema = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
type NowRow = {
  tier: Tier | null;
  action_class: ActionClass | null;
  tagged: boolean | null;
  server_tier: Tier | null;
  tainted: boolean;
  extended: boolean;
  undo_high_s: number;
};

/**
 * Decides the held call again by the policy in force, with its frozen arguments and today's tags (T10).
 *
 * The console's processes hold no snapshot, so everything is read in the transaction that counts the vote. A policy that
 * asks for less, or nothing any more, loosens nothing: the frozen terms stay. A rule that a running window has put in observe
 * asks for nothing; a denial that a window lifts is none.
 */
export async function termsNow(tx: Tx, keys: Pick<Keys, 'masterKey'>, row: HeldFacts): Promise<TermsNow> {
  const now = await readNow(tx, row);
  const policies = await tx.$queryRaw<{ rules: unknown; frees_allowed: boolean }[]>`
    SELECT rules, frees_allowed FROM policy_versions
    WHERE status = 'published' ORDER BY version DESC LIMIT 1`;
  const observed = await tx.$queryRaw<{ scope: string; rule_hash: string | null; ends_at: Date }[]>`
    SELECT scope, rule_hash, ends_at FROM observe_windows
    WHERE ended_at IS NULL AND starts_at <= clock_timestamp() AND ends_at > clock_timestamp()`;
  const policy = policies[0];
  const args = argsSchema.parse(JSON.parse(open(keys.masterKey, row.args_sealed, row.id).toString('utf8')));
  const tier =
    now.tier === null || now.server_tier === null ? row.tier : tierNow(now.tier, now.server_tier, now.tagged);
  const call = {
    agent: row.agent_name,
    server: row.server_name,
    tool: row.tool_name,
    tier,
    actionClass: now.action_class ?? row.action_class,
    args,
    session: row.session_key,
    tainted: row.tainted || now.tainted,
    inspectable: inspectableOf(args),
    nowMs: row.now.getTime(),
  };
  const windows = observed.map((one) => ({
    scope: one.scope,
    ruleHash: one.rule_hash,
    endsAtMs: one.ends_at.getTime(),
  }));
  const verdict = decide({
    rules: observeRules(storedRulesSchema.parse(policy?.rules ?? []), windows),
    call,
    defaults: { undoHighS: now.undo_high_s, freesAllowed: policy?.frees_allowed ?? false },
  });
  // Somebody gave it as much time again. A policy that leaves as long as it did at first takes nothing of that back.
  const inItsTime = (terms: HoldTerms): HoldTerms =>
    now.extended && terms.pendingTtlS * 2 >= row.frozen.pendingTtlS
      ? { ...terms, pendingTtlS: row.frozen.pendingTtlS }
      : terms;
  const lifted = windows.some(({ scope }) => scope === 'control:policies' || scope === `server:${row.server_name}`);
  return {
    terms: verdict.decision === 'hold' ? inItsTime(stricterTerms(row.frozen, verdict.terms)) : row.frozen,
    denied: verdict.decision === 'deny' && !lifted,
    call,
  };
}

/** As the snapshot has it: a tag that nobody set is never milder than its server's tier. */
function tierNow(tool: Tier, server: Tier, tagged: boolean | null): Tier {
  return tagged === true ? tool : stricterTier(server, tool);
}

async function readNow(tx: Tx, row: HeldFacts): Promise<NowRow> {
  const rows = await tx.$queryRaw<NowRow[]>`
    SELECT t.tier::text AS tier, t.action_class, t.tagged_at IS NOT NULL AS tagged, s.tier::text AS server_tier, c.undo_high_s,
      EXISTS (SELECT FROM session_taints x WHERE x.agent_id = ${row.agent_id}::uuid AND x.session_key = ${row.session_key})
        AS tainted,
      EXISTS (SELECT FROM approval_requests r WHERE r.id = ${row.id}::uuid AND r.extended_at IS NOT NULL) AS extended
    FROM settings c LEFT JOIN servers s ON s.id = ${row.server_id}::uuid
      LEFT JOIN tools t ON t.server_id = s.id AND t.name = ${row.tool_name} WHERE c.id = 1`;
  const now = rows[0];
  if (now === undefined) throw new Error('settings has no row: the database is not migrated.');
  return now;
}
