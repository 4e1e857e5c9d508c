// Server-only. What people changed within a day that can make a call easier to run: the material of the 24-hour rule.
import { actionClassSchema } from '#lib/contracts/shared-shapes.ts';
import { type ActionClass, stricterTier, type Tier } from '#lib/core/risk/types.ts';
import type { Tx } from '../db/tx.ts';
import { type PolicyInForce, type PolicyRow, rulesOf } from './policy-rows.ts';

const HOURS = 24;

type Tag = { readonly tier: Tier; readonly actionClass: ActionClass };
export type VersionChange = { readonly author: string; readonly before: PolicyInForce; readonly after: PolicyInForce };
/** `after` null: what it counts as now, whatever that is. */
export type TagChange = { readonly person: string; readonly before: Tag; readonly after: Tag | null };
export type WindowOpened = { readonly person: string; readonly scope: string };

/** Versions published within a day, each with the one before it. */
export async function recentVersions(tx: Tx): Promise<readonly VersionChange[]> {
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

type ChangeRow = { by_id: string; tier_before: Tier; class_before: string; tier: Tier; action_class: string };

/** Each change of what the tool counts as, and whose tag it wears if that is younger than a day. */
export async function recentTags(tx: Tx, server: string, tool: string): Promise<readonly TagChange[]> {
  const rows = await tx.$queryRaw<ChangeRow[]>`
    SELECT c.by_id::text, c.tier_before::text AS tier_before, c.class_before, c.tier::text AS tier, c.action_class
    FROM tool_tag_changes c JOIN tools t ON t.id = c.tool_id JOIN servers s ON s.id = t.server_id
    WHERE s.name = ${server} AND t.name = ${tool} AND c.by_id IS NOT NULL
      AND c.at > clock_timestamp() - make_interval(hours => ${HOURS})`;
  const changes = rows.map((row) => ({
    person: row.by_id,
    before: { tier: row.tier_before, actionClass: actionClassSchema.parse(row.class_before) },
    after: { tier: row.tier, actionClass: actionClassSchema.parse(row.action_class) },
  }));
  const tagger = await recentTag(tx, server, tool);
  return tagger === null ? changes : [...changes, tagger];
}

/** Who tagged the tool lately, and what it would be without the tag: the stricter of its server's tier and the suggestion. */
async function recentTag(tx: Tx, server: string, tool: string): Promise<TagChange | null> {
  const rows = await tx.$queryRaw<
    { tagged_by: string; server_tier: Tier; suggested_tier: Tier; suggested_class: string }[]
  >`
    SELECT t.tagged_by::text, s.tier::text AS server_tier, t.suggested_tier::text AS suggested_tier, t.suggested_class
    FROM tools t JOIN servers s ON s.id = t.server_id
    WHERE s.name = ${server} AND t.name = ${tool} AND t.tagged_by IS NOT NULL
      AND t.tagged_at > clock_timestamp() - make_interval(hours => ${HOURS})`;
  const row = rows[0];
  if (row === undefined) return null;
  const before = {
    tier: stricterTier(row.server_tier, row.suggested_tier),
    actionClass: actionClassSchema.parse(row.suggested_class),
  };
  return { person: row.tagged_by, before, after: null };
}

/** Windows that run now and were confirmed within a day, with who asked for them. */
export async function recentWindows(tx: Tx): Promise<readonly WindowOpened[]> {
  return tx.$queryRaw<WindowOpened[]>`
    SELECT opened_by::text AS person, scope FROM observe_windows
    WHERE opened_by IS NOT NULL AND ended_at IS NULL AND starts_at <= clock_timestamp() AND ends_at > clock_timestamp()
      AND starts_at > clock_timestamp() - make_interval(hours => ${HOURS})`;
}

/** The undo window of high-tier calls, and who shortened it from what within a day. */
export async function readUndo(tx: Tx) {
  const rows = await tx.$queryRaw<
    { now: number; person: string | null; before: number | null; lately: boolean | null }[]
  >`
    SELECT undo_high_s AS now, undo_high_lowered_by::text AS person, undo_high_s_before AS before,
      undo_high_lowered_at > clock_timestamp() - make_interval(hours => ${HOURS}) AS lately FROM settings WHERE id = 1`;
  const row = rows[0];
  if (row === undefined) throw new Error('settings has no row: the database is not migrated.');
  const { now, person, before, lately } = row;
  return { now, lowered: lately === true && person !== null && before !== null ? { person, before } : null };
}
