// Server-only.
import type { Comparison } from '#lib/contracts/policies.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigWrite } from '../db/config-write.ts';
import { databaseNow } from '../db/tx.ts';
import { endWindowsOfChangedRules } from '../observe/bound-windows.ts';
import type { Separation } from '../people/read-separation.ts';
import { policyMoved } from './policy-event.ts';
import { type PolicyInForce, type PolicyRow, rulesOf } from './policy-rows.ts';
import { failingDetail } from './test-rules.ts';

/** Who let it in: nobody had to (it only tightens), a second person, the same one alone, or nobody is set up yet. */
export type LetIn = 'tightening' | 'second-person' | 'alone' | 'nobody-yet';

/**
 * Publishes a version: gateways decide by it from their next reload on. Assumes the policy lock, a comparison made under
 * it with `base`, and that whoever calls has judged the people. `frees` keeps its effect through a version that only
 * tightens, because two people let it in before; it gains effect only by two people.
 */
export async function putInForce(
  write: ConfigWrite,
  row: PolicyRow,
  how: {
    readonly base: PolicyInForce;
    readonly comparison: Comparison;
    /** Names of the policy tests that it fails. */
    readonly failing: readonly string[];
    readonly letIn: LetIn;
    readonly separation: Separation;
  },
): Promise<PolicyRow> {
  const { tx, actor } = write;
  const { base, comparison, failing, letIn } = how;
  const wasApproved = letIn === 'second-person' || letIn === 'alone';
  const published = await tx.policyVersion.update({
    where: { version: row.version },
    data: {
      status: 'published',
      publishedAt: await databaseNow(tx),
      publishedBy: personIdOf(actor),
      approvedBy: wasApproved ? personIdOf(actor) : null,
      loosens: comparison.loosens,
      comparison,
      freesAllowed: letIn === 'tightening' ? base.freesAllowed : true,
    },
  });
  await endWindowsOfChangedRules(write, row.version, rulesOf(published));
  await policyMoved(write, 'policy.published', published, {
    separation: how.separation,
    detail: {
      loosens: comparison.loosens,
      looser: comparison.looser.length,
      letIn,
      author: row.createdBy,
      ...failingDetail(failing),
    },
  });
  return published;
}
