// Server-only. Whether a request may be given more time.
import type { Tx } from '../db/tx.ts';
import { readInForce, readPublished } from '../policies/policy-rows.ts';

/**
 * Why a request gets no more time; null = it may. A rule counts as it was when the call was held and as it is now: a time
 * that a rule has named since is meant for what waits, too.
 */
export async function extensionBar(tx: Tx, id: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ matched: string[]; policy_version: number; extended: boolean }[]>`
    SELECT matched, policy_version, extended_at IS NOT NULL AS extended FROM approval_requests WHERE id = ${id}::uuid`;
  const row = rows[0];
  if (row === undefined || row.extended) return 'It was given more time already.';
  if (row.matched.length === 0) return null;
  const frozen = await readPublished(tx, row.policy_version);
  if (frozen === null) return 'The rules that hold it cannot be read.';
  const rules = [...frozen.rules, ...(await readInForce(tx)).rules];
  const timed = rules.find((rule) => row.matched.includes(rule.name) && rule.expiresInS !== undefined);
  return timed === undefined ? null : `The rule ${timed.name} says how long it may wait.`;
}
