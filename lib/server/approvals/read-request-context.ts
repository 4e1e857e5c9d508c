// Server-only. What helps to judge a request beside the request itself.
import type { ApprovalContext } from '#lib/contracts/approval-context.ts';
import { conditionFields } from '#lib/core/inspect/condition-fields.ts';
import { consequenceOf } from '#lib/core/inspect/consequence.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject } from '#lib/core/json/value.ts';
import { compileCondition, factsOf } from '#lib/core/policies/condition.ts';
import type { PolicyCall } from '#lib/core/policies/rule.ts';
import { ruleSentence } from '#lib/core/policies/sentence.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';
import { type Inspection, inspectArgs } from '../inspect/inspect-args.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readPublished } from '../policies/policy-rows.ts';
import { readFirstSeen } from './read-first-seen.ts';
import { readTaintTrail } from './read-taint-trail.ts';
import { openArgs, type RequestRow, requestColumns } from './request-row.ts';

/** How far back first-seen values and rates look. */
const DAYS = 30;
const MOST_GRANTS = 5;

/**
 * The context of a request; null when there is none with this id. It explains and decides nothing: a vote is bound to
 * the digest, whatever is said here.
 */
export async function readRequestContext(
  deps: { readonly prisma: Database; readonly keys: Keys },
  id: string,
): Promise<ApprovalContext | null> {
  const tx = deps.prisma;
  const rows = await tx.$queryRaw<RequestRow[]>`
    SELECT ${requestColumns('all')} FROM approval_requests r JOIN agents a ON a.id = r.agent_id WHERE r.id = ${id}::uuid`;
  const row = rows[0];
  if (row === undefined) return null;
  const canonical = openArgs(row, deps.keys);
  const parsed = parseStrict(canonical, { maxBytes: Number.MAX_SAFE_INTEGER });
  const args = parsed.ok && isJsonObject(parsed.value) ? parsed.value : {};
  const inspection = inspectOnce(row, canonical);
  return {
    digest: row.digest,
    inspection: {
      fields: inspection.fields.map((field) => ({
        ...field,
        steps: field.steps.map((step) => ({ ...step, words: [...step.words] })),
        dangers: [...field.dangers],
      })),
      hosts: [...inspection.hosts],
      skipped: inspection.skipped,
    },
    firstSeen: { days: DAYS, ...(await readFirstSeen(tx, deps.keys, row, args, DAYS)) },
    rules: await readRules(tx, row, args),
    grants: await readGrants(tx, row, args),
    tag: await readTag(tx, row),
    consequence: consequenceOf(row.action_class),
    taintTrail: await readTaintTrail(tx, row),
    rates: { days: DAYS, ...(await readRates(tx, row)) },
  };
}

/** Frozen arguments read the same each time, and a page asks again with every hint. */
const inspected = new Map<string, Inspection>();
const MOST_KEPT = 200;

function inspectOnce(row: RequestRow, canonical: string): Inspection {
  // What stands in place of erased arguments is not what the hash is of: kept under it, it would blind a new call with the same.
  if (row.args_erased_at !== null) return inspectArgs(canonical, row.action_class);
  const key = `${row.args_hash} ${row.action_class}`;
  const known = inspected.get(key);
  if (known !== undefined) return known;
  const fresh = inspectArgs(canonical, row.action_class);
  const [oldest] = inspected.keys();
  if (inspected.size >= MOST_KEPT && oldest !== undefined) inspected.delete(oldest);
  inspected.set(key, fresh);
  return fresh;
}

type Constraint = ApprovalContext['rules'][number];

/** The rules that matched, as the version had them that held the call. A tier's default is none of them. */
async function readRules(tx: Tx, row: RequestRow, args: JsonObject): Promise<Constraint[]> {
  const policy = await readPublished(tx, row.policy_version);
  const names = row.matched.length === 0 ? [row.rule] : row.matched;
  const rules = policy?.rules.filter((rule) => names.includes(rule.name)) ?? [];
  return rules.map((rule) => ({
    name: rule.name,
    sentence: ruleSentence(rule),
    ...constrain(rule.if ?? null, row, args),
  }));
}

async function readGrants(tx: Tx, row: RequestRow, args: JsonObject): Promise<ApprovalContext['grants']> {
  const grants = await tx.grant.findMany({
    where: {
      agentId: row.agent_id,
      serverId: row.server_id,
      status: 'active',
      expiresAt: { gt: row.now },
      OR: [{ toolName: row.tool_name }, { actionClass: row.action_class }],
    },
    orderBy: { createdAt: 'desc' },
    take: MOST_GRANTS,
  });
  return grants.map((grant) => ({
    id: grant.id,
    name: grant.toolName ?? grant.actionClass ?? '',
    sentence: grant.reason,
    usesLeft: Math.max(0, grant.maxUses - grant.uses),
    ...constrain(grant.condition, row, args),
  }));
}

function constrain(
  condition: string | null,
  row: RequestRow,
  args: JsonObject,
): Pick<Constraint, 'condition' | 'outcome' | 'fields'> {
  if (condition === null) return { condition: null, outcome: null, fields: [] };
  const call: PolicyCall = {
    agent: row.agent_name,
    server: row.server_name,
    tool: row.tool_name,
    tier: row.tier,
    actionClass: row.action_class,
    args,
    session: row.session_key,
    tainted: row.tainted,
    nowMs: row.requested_at.getTime(),
  };
  const compiled = compileCondition(condition);
  return {
    condition,
    outcome: compiled.ok ? compiled.value.evaluate(factsOf(call)) : 'error',
    fields: [...conditionFields(condition, args)],
  };
}

/** Which version of the tool's tag held the call: each change of what it counts as is one. */
async function readTag(tx: Tx, row: RequestRow): Promise<ApprovalContext['tag']> {
  const rows = await tx.$queryRaw<{ changes: number; at: Date | null; by: string | null }[]>`
    SELECT count(*)::int AS changes, max(c.at) AS at,
      (array_agg(coalesce(p.name, 'the operator') ORDER BY c.at DESC))[1] AS by
    FROM tool_tag_changes c JOIN tools t ON t.id = c.tool_id LEFT JOIN people p ON p.id = c.by_id
    WHERE t.server_id = ${row.server_id}::uuid AND t.name = ${row.tool_name} AND c.at <= ${row.requested_at}`;
  const tag = rows[0];
  return { version: (tag?.changes ?? 0) + 1, at: tag?.at?.toISOString() ?? null, by: tag?.by ?? null };
}

type Counts = { asked: number; approved: number };

/** How often this tool was asked for by anybody, and this agent asked for anything. */
async function readRates(tx: Tx, row: RequestRow): Promise<{ readonly tool: Counts; readonly agent: Counts }> {
  const rows = await tx.$queryRaw<{ of: string; asked: number; approved: number }[]>`
    SELECT of, count(*)::int AS asked, (count(*) FILTER (WHERE status IN
      ('approved', 'consumed', 'succeeded', 'failed', 'unknown-outcome', 'expired-unused')))::int AS approved
    FROM (
      SELECT 'tool' AS of, status FROM approval_requests
      WHERE server_id = ${row.server_id}::uuid AND tool_name = ${row.tool_name} AND id <> ${row.id}::uuid
        AND requested_at > clock_timestamp() - make_interval(days => ${DAYS})
      UNION ALL
      SELECT 'agent', status FROM approval_requests
      WHERE agent_id = ${row.agent_id}::uuid AND id <> ${row.id}::uuid
        AND requested_at > clock_timestamp() - make_interval(days => ${DAYS})
    ) both_of GROUP BY of`;
  const of = (name: string): Counts => {
    const found = rows.find((one) => one.of === name);
    return { asked: found?.asked ?? 0, approved: found?.approved ?? 0 };
  };
  return { tool: of('tool'), agent: of('agent') };
}
