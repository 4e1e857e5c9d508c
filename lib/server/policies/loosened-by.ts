// Server-only. The 24-hour rule: who made a call approvable may not be the one who approves it.

import { actionClassSchema } from '#lib/contracts/shared-shapes.ts';
import { loosenedBy as looserBy } from '#lib/core/policies/compare-calls.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { PolicyCall } from '#lib/core/policies/rule.ts';
import { stricterTier } from '#lib/core/risk/types.ts';
import type { Tx } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { type PolicyInForce, type PolicyRow, readInForce, rulesOf } from './policy-rows.ts';

const HOURS = 24;

/** The call as a vote knows it; what is absent counts as a condition that errs, on both sides alike. */
export type LoosenedCall = Omit<PolicyCall, 'nowMs'>;

/**
 * The people whose change of the last 24 hours made this call easier to run: authors of a published policy version that
 * decides it more loosely than the version before, and whoever tagged its tool below what it was without the tag.
 *
 * By the database's clock. Nobody in a solo install: there the author has waited and proven the password instead. Looks at
 * each change by itself, so that a later change of somebody else does not wash it clean.
 */
export async function loosenedBy(tx: Tx, call: LoosenedCall): Promise<readonly string[]> {
  if ((await readSeparation(tx)) === 'solo') return [];
  const { undoHighS } = await tx.settings.findUniqueOrThrow({ where: { id: 1 } });
  const people = new Set<string>();
  const inForce = await readInForce(tx);
  for (const { author, before, after } of await recentVersions(tx)) {
    if (looser(verdictOf(before, call, undoHighS), verdictOf(after, call, undoHighS))) people.add(author);
  }
  const tagger = await recentTag(tx, call);
  if (tagger !== null) {
    const untagged = verdictOf(inForce, { ...call, ...tagger.untagged }, undoHighS);
    if (looser(untagged, verdictOf(inForce, call, undoHighS))) people.add(tagger.person);
  }
  return [...people];
}

type Change = { readonly author: string; readonly before: PolicyInForce; readonly after: PolicyInForce };

async function recentVersions(tx: Tx): Promise<readonly Change[]> {
  const rows = await tx.$queryRaw<{ version: number; before: number | null }[]>`
    SELECT version, before FROM (
      SELECT version, published_at, created_by, lag(version) OVER (ORDER BY version) AS before
      FROM policy_versions WHERE status = 'published') v
    WHERE created_by IS NOT NULL AND published_at > clock_timestamp() - make_interval(hours => ${HOURS})`;
  if (rows.length === 0) return [];
  const numbers = rows.flatMap(({ version, before }) => (before === null ? [version] : [version, before]));
  const versions = new Map<number, PolicyRow>(
    (await tx.policyVersion.findMany({ where: { version: { in: numbers } } })).map((row) => [row.version, row]),
  );
  return rows.flatMap(({ version, before }) => {
    const row = versions.get(version);
    if (row === undefined || row.createdBy === null) return [];
    return [{ author: row.createdBy, before: policyOf(versions.get(before ?? 0)), after: policyOf(row) }];
  });
}

function policyOf(row: PolicyRow | undefined): PolicyInForce {
  if (row === undefined) return { version: 0, rules: [], freesAllowed: false };
  return { version: row.version, rules: rulesOf(row), freesAllowed: row.freesAllowed };
}

/** Who tagged the tool lately, and what it would be without the tag: the stricter of its server's tier and the suggestion. */
async function recentTag(tx: Tx, call: LoosenedCall) {
  const rows = await tx.$queryRaw<{ id: string; tagged_by: string }[]>`
    SELECT t.id::text, t.tagged_by::text FROM tools t JOIN servers s ON s.id = t.server_id
    WHERE s.name = ${call.server} AND t.name = ${call.tool} AND t.tagged_by IS NOT NULL
      AND t.tagged_at > clock_timestamp() - make_interval(hours => ${HOURS})`;
  const row = rows[0];
  if (row === undefined) return null;
  const tool = await tx.tool.findUniqueOrThrow({ where: { id: row.id }, include: { server: true } });
  return {
    person: row.tagged_by,
    untagged: {
      tier: stricterTier(tool.server.tier, tool.suggestedTier),
      actionClass: actionClassSchema.parse(tool.suggestedClass),
    },
  };
}

function verdictOf(policy: PolicyInForce, call: LoosenedCall, undoHighS: number) {
  // Rules with a time window that is open only now and then are judged as of no time: they count as met by both.
  return decide({ rules: policy.rules, call, defaults: { undoHighS, freesAllowed: policy.freesAllowed } });
}

function looser(before: ReturnType<typeof verdictOf>, after: ReturnType<typeof verdictOf>): boolean {
  return looserBy(before, after) > 0;
}
