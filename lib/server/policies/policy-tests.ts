// Server-only. Policy tests are written by admins; they decide nothing, but what is published is held against them.
import { MOST_POLICY_TESTS } from '#lib/contracts/policy-tests.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { lockPolicies } from './lock-policies.ts';
import { rowOf, testOf } from './policy-test-rows.ts';

type Saved = Result<PolicyTest, Refusal>;

/** Adds a test. Refuses everybody but admins, a name that is taken, and more than two hundred. */
export function addPolicyTest(deps: ConfigDeps, actor: ConfigActor, test: PolicyTest): Promise<Saved> {
  return writeConfig(deps, actor, async (write): Promise<Saved> => {
    // With publishers and each other in turn: two must not pass the limit, nor one slip past a publication, together.
    await lockPolicies(write.tx);
    if ((await write.tx.policyTest.count()) >= MOST_POLICY_TESTS) {
      return refuse('invalid-request', `${MOST_POLICY_TESTS} policy tests are the most: remove one first.`);
    }
    if (await isTaken(write, test.name)) return refuse('name-taken', TAKEN);
    await write.tx.policyTest.create({ data: rowOf(test) });
    await testMoved(write, 'policy.test-saved', test.name);
    return ok(test);
  });
}

/** Puts a test in the place of the one of this name; it may have another name. */
export function changePolicyTest(deps: ConfigDeps, actor: ConfigActor, name: string, test: PolicyTest): Promise<Saved> {
  return writeConfig(deps, actor, async (write): Promise<Saved> => {
    await lockPolicies(write.tx);
    if (!(await isTaken(write, name))) return refuse('not-found');
    if (test.name !== name && (await isTaken(write, test.name))) return refuse('name-taken', TAKEN);
    await write.tx.policyTest.update({ where: { name }, data: { ...rowOf(test), changedAt: write.now } });
    await testMoved(write, 'policy.test-saved', test.name, name);
    return ok(test);
  });
}

/** Removes a test. */
export function removePolicyTest(deps: ConfigDeps, actor: ConfigActor, name: string): Promise<Saved> {
  return writeConfig(deps, actor, async (write): Promise<Saved> => {
    await lockPolicies(write.tx);
    const row = await write.tx.policyTest.findUnique({ where: { name } });
    if (row === null) return refuse('not-found');
    await write.tx.policyTest.delete({ where: { name } });
    await testMoved(write, 'policy.test-removed', name);
    return ok(testOf(row));
  });
}

const TAKEN = 'Another policy test has this name.';

async function isTaken({ tx }: ConfigWrite, name: string): Promise<boolean> {
  return (await tx.policyTest.count({ where: { name } })) > 0;
}

/** The log and the consoles hear of it. Names only: arguments of a test may be as telling as those of a call. */
async function testMoved(
  write: ConfigWrite,
  type: 'policy.test-saved' | 'policy.test-removed',
  test: string,
  was: string = test,
): Promise<void> {
  const detail = was === test ? { test } : { test, was };
  await recordEvent(write.tx, write.keys, { type, actor: auditActor(write.actor), detail });
  await bumpConfig(write.tx, 'policies', 'tests');
}
