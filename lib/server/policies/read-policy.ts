import type { Rule } from '#lib/core/policies/rule.ts';
import type { Database } from '#lib/server/db/prisma.ts';
import { storedRulesSchema } from '#lib/server/snapshot/config-rows.ts';

/** The rules in force, as published; `null` = none was published and only the defaults of the tiers apply. */
export type PublishedPolicy = {
  readonly version: number;
  readonly publishedAt: string;
  readonly note: string;
  readonly contentHash: string;
  readonly rules: readonly Rule[];
};

/**
 * The newest policy version, which is the one the gateways decide by. Throws when its rules cannot be read: the gateways
 * refuse such a version too, and a page must not show something else in its place.
 */
export async function readPolicy(prisma: Database): Promise<PublishedPolicy | null> {
  const row = await prisma.policyVersion.findFirst({ where: { status: 'published' }, orderBy: { version: 'desc' } });
  if (row === null || row.publishedAt === null) return null;
  return {
    version: row.version,
    publishedAt: row.publishedAt.toISOString(),
    note: row.note,
    contentHash: row.contentHash,
    rules: storedRulesSchema.parse(row.rules),
  };
}
