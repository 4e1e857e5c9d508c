// Server-only. Policy versions as domain values.
import type { Rule } from '#lib/core/policies/rule.ts';
import type { Tx } from '../db/tx.ts';
import { storedRulesSchema } from '../snapshot/config-rows.ts';

export type PolicyRow = NonNullable<Awaited<ReturnType<Tx['policyVersion']['findUnique']>>>;

/** What the gateways decide by. Version 0 without rules = none was published, and only the tiers' defaults apply. */
export type PolicyInForce = {
  readonly version: number;
  readonly rules: readonly Rule[];
  readonly freesAllowed: boolean;
};

/** The rules of a version. Throws when they cannot be read: half a policy is another policy. */
export function rulesOf(row: PolicyRow): readonly Rule[] {
  return storedRulesSchema.parse(row.rules);
}

/** The newest published version. */
export async function readInForce(tx: Tx): Promise<PolicyInForce> {
  const row = await tx.policyVersion.findFirst({ where: { status: 'published' }, orderBy: { version: 'desc' } });
  return row === null ? NONE : { version: row.version, rules: rulesOf(row), freesAllowed: row.freesAllowed };
}

/** A published version by number, as something to compare with; null when there is none. 0 is the empty policy. */
export async function readPublished(tx: Tx, version: number): Promise<PolicyInForce | null> {
  if (version === 0) return NONE;
  const row = await tx.policyVersion.findUnique({ where: { version } });
  if (row === null || row.status !== 'published') return null;
  return { version, rules: rulesOf(row), freesAllowed: row.freesAllowed };
}

const NONE: PolicyInForce = { version: 0, rules: [], freesAllowed: false };
