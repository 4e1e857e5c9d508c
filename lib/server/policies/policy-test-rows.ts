// Server-only. Policy tests as domain values.
import { policyTestSchema } from '#lib/contracts/policy-tests.ts';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';
import type { Tx } from '../db/tx.ts';

/** All tests, by name. Throws when one cannot be read: a test that is left out would count as one that passes. */
export async function readPolicyTests(tx: Tx): Promise<readonly PolicyTest[]> {
  const rows = await tx.policyTest.findMany({ orderBy: { name: 'asc' } });
  return rows.map(testOf);
}

/** One row as a test. */
export function testOf(row: { readonly name: string; readonly spec: string }): PolicyTest {
  return policyTestSchema.parse({ ...JSON.parse(row.spec), name: row.name });
}

/** A test as a row. */
export function rowOf({ name, call, expect }: PolicyTest): { readonly name: string; readonly spec: string } {
  return { name, spec: JSON.stringify({ call, expect }) };
}
