// Server-only.
import type { z } from 'zod';
import type { PolicyDetail, policiesPageSchema } from '#lib/contracts/policies.ts';
import type { ListQuery } from '#lib/contracts/shared-shapes.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { policyDetail, policySummary, readNames } from './policy-detail.ts';
import { readInForce } from './policy-rows.ts';

/** The versions, newest first; the cursor is the last version of the page before. */
export async function listPolicies(tx: Tx, query: ListQuery): Promise<z.infer<typeof policiesPageSchema>> {
  const before = Number.parseInt(query.cursor ?? '', 10);
  const rows = await tx.policyVersion.findMany({
    where: Number.isSafeInteger(before) ? { version: { lt: Math.min(before, 2 ** 31 - 1) } } : {},
    orderBy: { version: 'desc' },
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const names = await readNames(tx, page);
  const { version } = await readInForce(tx);
  return {
    items: page.map((row) => policySummary(row, names, version)),
    nextCursor: rows.length > query.limit && last !== undefined ? String(last.version) : null,
    inForce: version,
    serverTime: (await databaseNow(tx)).toISOString(),
  };
}

/** One version as this reader may see and use it; null when there is none. */
export async function readPolicyVersion(tx: Tx, version: number, reader: ConfigActor): Promise<PolicyDetail | null> {
  const row = await tx.policyVersion.findUnique({ where: { version } });
  return row === null ? null : policyDetail(tx, row, reader);
}
