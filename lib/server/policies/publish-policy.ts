// Server-only.
import type { z } from 'zod';
import type { Comparison, PolicyDetail, policyPublishSchema } from '#lib/contracts/policies.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { databaseNow } from '../db/tx.ts';
import { readSeparation } from '../people/read-separation.ts';
import { hasErrors, judgeRules } from './judge-rules.ts';
import { lockPolicies } from './lock-policies.ts';
import { policyDetail, staleSentence } from './policy-detail.ts';
import { policyMoved } from './policy-event.ts';
import { type PolicyRow, readInForce, rulesOf } from './policy-rows.ts';
import { putInForce } from './put-in-force.ts';
import { readWorld } from './read-world.ts';
import { failingDetail, failingTests } from './test-rules.ts';

/**
 * Publishes a draft that only tightens, at once; one that loosens becomes a proposal that a second person must approve.
 *
 * Whether it loosens is computed from decisions, under the lock that every publisher takes, against the version in force.
 * Refuses other content than was on the screen, a draft whose base is no longer in force, rules with errors, rules by
 * which a policy test fails unless the publisher says `despiteTests`, and a
 * loosening that is proposed by somebody else than its author: the second person must be neither.
 */
export function publishPolicy(
  deps: ConfigDeps,
  actor: ConfigActor,
  version: number,
  input: z.infer<typeof policyPublishSchema>,
): Promise<Result<PolicyDetail, ConfigRefusal>> {
  return writeConfig(deps, actor, async (write) => {
    const { tx } = write;
    await lockPolicies(tx);
    const row = await tx.policyVersion.findUnique({ where: { version } });
    if (row === null) return refuse('not-found');
    if (row.status !== 'draft') return refuse('conflict', `Version ${version} is ${row.status}, not a draft.`);
    if (row.contentHash !== input.contentHash) return refuse('stale-digest', 'The draft was changed meanwhile.');
    const moved = await moveOn(write, row, input.despiteTests === true);
    return moved.ok ? ok(await policyDetail(tx, moved.value, actor)) : moved;
  });
}

/** What the console and the file share: a draft becomes published or proposed. Assumes the policy lock. */
export async function moveOn(
  write: ConfigWrite,
  row: PolicyRow,
  despiteTests = false,
): Promise<Result<PolicyRow, ConfigRefusal>> {
  const base = await readInForce(write.tx);
  if (row.baseVersion !== base.version) return refuse('conflict', staleSentence(base.version));
  const world = await readWorld(write.tx);
  const { findings, comparison } = judgeRules(base, rulesOf(row), world);
  if (hasErrors(findings)) {
    const errors = findings.filter((finding) => finding.level === 'error');
    const detail = errors.map((finding) => `${finding.rule ?? 'policy'}: ${finding.sentence}`).join(' ');
    return { ok: false, error: { code: 'invalid-request', detail: detail.slice(0, 2_000), extra: { findings } } };
  }
  const failing = await failingTests(write.tx, rulesOf(row), world);
  if (failing.length > 0 && !despiteTests) {
    const detail = `By these rules these policy tests fail: ${failing.join(', ')}.`.slice(0, 2_000);
    return { ok: false, error: { code: 'policy-tests-fail', detail, extra: { failing } } };
  }
  const separation = await readSeparation(write.tx);
  if (!comparison.loosens) {
    return ok(await putInForce(write, row, { base, comparison, failing, letIn: 'tightening', separation }));
  }
  if (write.actor.kind === 'operator' && (await write.tx.person.count()) === 0) {
    return ok(await putInForce(write, row, { base, comparison, failing, letIn: 'nobody-yet', separation }));
  }
  if (row.createdBy !== personIdOf(write.actor)) {
    return refuse('not-allowed', 'This version loosens: only its author proposes it.');
  }
  return ok(await propose(write, row, { comparison, failing, isSolo: separation === 'solo' }));
}

async function propose(
  write: ConfigWrite,
  row: PolicyRow,
  how: { readonly comparison: Comparison; readonly failing: readonly string[]; readonly isSolo: boolean },
): Promise<PolicyRow> {
  const { comparison, failing, isSolo } = how;
  const proposed = await write.tx.policyVersion.update({
    where: { version: row.version },
    data: {
      status: 'proposed',
      proposedAt: await databaseNow(write.tx),
      proposedSolo: isSolo,
      loosens: true,
      comparison,
    },
  });
  await policyMoved(write, 'policy.proposed', proposed, {
    detail: { looser: comparison.looser.length, ...failingDetail(failing) },
  });
  return proposed;
}
