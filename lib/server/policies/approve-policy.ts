// Server-only.
import type { PolicyDetail } from '#lib/contracts/policies.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { readSeparation, type Separation } from '../people/read-separation.ts';
import { hasErrors, judgeRules } from './judge-rules.ts';
import { lockPolicies } from './lock-policies.ts';
import { policyDetail, staleSentence } from './policy-detail.ts';
import { type PolicyRow, readInForce, rulesOf } from './policy-rows.ts';
import { type LetIn, putInForce } from './put-in-force.ts';
import { readWorld } from './read-world.ts';
import { APPROVER_ROLES, judgeSecondPerson, mayApprovePolicies } from './second-person.ts';
import { failingTests } from './test-rules.ts';

/**
 * Approves a loosening as the second person, and puts it in force.
 *
 * The comparison is made again under the lock, so that what counts is today's registry. Refuses the author (who alone in
 * a solo install must have proven the password after proposing and waited a minute), an author who lost the role since,
 * other content than was on the screen, and a proposal whose base is no longer in force.
 */
export function approvePolicy(
  deps: ConfigDeps,
  actor: ConfigActor,
  version: number,
  input: { readonly contentHash: string },
): Promise<Result<PolicyDetail, ConfigRefusal>> {
  return writeConfig(
    deps,
    actor,
    async (write) => {
      await lockPolicies(write.tx);
      const row = await write.tx.policyVersion.findUnique({ where: { version } });
      if (row === null) return refuse('not-found');
      if (row.status !== 'proposed') return refuse('conflict', `Version ${version} is ${row.status}, not proposed.`);
      if (row.contentHash !== input.contentHash) return refuse('stale-digest');
      const published = await approveIn(write, row);
      return published.ok ? ok(await policyDetail(write.tx, published.value, actor)) : published;
    },
    mayApprovePolicies,
  );
}

/** The approval itself. Assumes the policy lock and a version that is proposed. */
export async function approveIn(write: ConfigWrite, row: PolicyRow): Promise<Result<PolicyRow, ConfigRefusal>> {
  const { tx } = write;
  const separation = await readSeparation(tx);
  const second = await secondOf(write, row, separation);
  if (!second.ok) return second;
  const base = await readInForce(tx);
  if (row.baseVersion !== base.version) return refuse('conflict', staleSentence(base.version));
  if (!(await authorStillMay(write, row))) {
    return refuse('conflict', 'Who wrote this may not any more; somebody else must write it anew.');
  }
  const world = await readWorld(tx);
  const { findings, comparison } = judgeRules(base, rulesOf(row), world);
  if (hasErrors(findings)) return refuse('conflict', 'It has errors by now; it must be written anew.');
  // Not refused for them: the page showed the second person which fail, and the log says so.
  const failing = await failingTests(tx, rulesOf(row), world);
  return ok(await putInForce(write, row, { base, comparison, failing, letIn: second.value, separation }));
}

async function secondOf(
  write: ConfigWrite,
  row: PolicyRow,
  separation: Separation,
): Promise<Result<LetIn, ConfigRefusal>> {
  const { tx, actor, now } = write;
  const second = await judgeSecondPerson(tx, row, actor, separation);
  switch (second.kind) {
    case 'allowed':
      return ok('second-person');
    case 'role':
      return refuse('not-allowed', 'Approving a policy needs the role admin or security.');
    case 'author':
      return refuse('second-person-needed', 'You wrote it: another person in admin or security must approve it.');
    case 'alone':
      if (now < second.from) return refuse('too-early', `Possible from ${second.from.toISOString()}.`);
      if (actor.kind === 'human' && actor.reauthAt <= second.provenSince) {
        return refuse('step-up-required', 'Enter your password to approve.');
      }
      return ok('alone');
  }
}

/** The author counts as one of the two people only while they still hold the role. */
async function authorStillMay(write: ConfigWrite, row: PolicyRow): Promise<boolean> {
  if (row.createdBy === null) return true;
  const author = await write.tx.person.findUnique({ where: { id: row.createdBy } });
  return author?.status === 'active' && APPROVER_ROLES.some((role) => author.roles.includes(role));
}
