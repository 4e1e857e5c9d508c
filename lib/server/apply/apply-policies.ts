// Server-only.
import { comparisonSchema } from '#lib/contracts/policies.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { ok } from '#lib/core/result.ts';
import { approveIn } from '../policies/approve-policy.ts';
import { judgeRules } from '../policies/judge-rules.ts';
import { lockPolicies } from '../policies/lock-policies.ts';
import { policyContent } from '../policies/policy-content.ts';
import { policyMoved } from '../policies/policy-event.ts';
import { type PolicyInForce, type PolicyRow, readInForce } from '../policies/policy-rows.ts';
import { moveOn } from '../policies/publish-policy.ts';
import { readWorld } from '../policies/read-world.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import { findingMisfit } from './finding-place.ts';
import { type PolicyInFile, ruleOf } from './policy-file.ts';

/** How many of the calls that would be looser are named; the console shows them all. */
const MOST_NAMED = 5;

/**
 * Makes the policies of the file the policy, as a whole: rules that the file no longer names are gone with it.
 *
 * What only tightens is in force at once. What loosens becomes a proposal: the host counts as one person, and a second one
 * approves it in the console. The same file again proposes nothing new; another file takes the host's older proposal back.
 * A file with exactly the rules that somebody else proposed is the second person's approval. Rules with errors are refused.
 */
export async function applyPolicies(run: ApplyRun, policies: readonly PolicyInFile[]): Promise<Step> {
  const { tx } = run.write;
  await lockPolicies(tx);
  const rules = policies.map(ruleOf);
  const content = policyContent(rules);
  const base = await readInForce(tx);
  // Also what `export` wrote while a proposal waits: applying that must change nothing, so the proposal stays.
  if (policyContent(base.rules).hash === content.hash) return ok(null);
  const waiting = await takeBackOthers(run, content.hash, base.version);

  const { findings } = judgeRules(base, rules, await readWorld(tx));
  const misfit = findingMisfit(findings, rules);
  if (misfit !== null) return { ok: false, error: misfit };

  const own = personIdOf(run.write.actor);
  const others = waiting.find((row) => row.createdBy !== own);
  if (others !== undefined) return settle(run, rules, await approveIn(run.write, others));
  const [mine] = waiting;
  if (mine !== undefined) {
    run.notes.push(waitsSentence(mine.version));
    return ok(null);
  }
  return settle(run, rules, await moveOn(run.write, await draft(run, content, base)));
}

async function draft(run: ApplyRun, content: ReturnType<typeof policyContent>, base: PolicyInForce) {
  const { tx, now, actor } = run.write;
  return tx.policyVersion.create({
    data: {
      status: 'draft',
      baseVersion: base.version,
      rules: content.json,
      contentHash: content.hash,
      note: 'countersign.yaml',
      createdBy: personIdOf(actor),
      createdAt: now,
      publishedAt: null,
    },
  });
}

/** The proposals with the same rules; those of the same actor with other rules are no longer wanted. */
async function takeBackOthers(run: ApplyRun, hash: string, inForce: number): Promise<readonly PolicyRow[]> {
  const { tx, actor } = run.write;
  const proposed = await tx.policyVersion.findMany({ where: { status: 'proposed' }, orderBy: { version: 'desc' } });
  const same: PolicyRow[] = [];
  for (const row of proposed) {
    if (row.contentHash === hash && row.baseVersion === inForce) {
      same.push(row);
      continue;
    }
    if (row.createdBy !== personIdOf(actor) || row.note !== 'countersign.yaml') continue;
    const { version } = row;
    await policyMoved(
      run.write,
      'policy.withdrawn',
      await tx.policyVersion.update({ where: { version }, data: { status: 'withdrawn' } }),
    );
    run.changes.push({ kind: 'withdraw', what: 'policies', name: `version ${version}`, fields: [] });
  }
  return same;
}

function settle(run: ApplyRun, rules: readonly Rule[], moved: Awaited<ReturnType<typeof moveOn>>): Step {
  if (!moved.ok) return at(['policies'], moved.error);
  const { version, status, comparison } = moved.value;
  const isProposed = status === 'proposed';
  run.changes.push({
    kind: isProposed ? 'propose' : 'change',
    what: 'policies',
    name: `version ${version}`,
    fields: rules.map((rule) => rule.name),
  });
  if (isProposed) run.notes.push(waitsSentence(version), ...looserSentences(comparison));
  return ok(null);
}

function waitsSentence(version: number): string {
  return `Policy version ${version} loosens: it waits for a second person to approve it in the console.`;
}

function looserSentences(comparison: unknown): readonly string[] {
  const parsed = comparisonSchema.safeParse(comparison);
  if (!parsed.success) return [];
  const { looser } = parsed.data;
  const more = looser.length - MOST_NAMED;
  const named = looser.slice(0, MOST_NAMED).map((one) => `looser: ${one.sentence}`);
  return more > 0 ? [...named, `looser: and ${more} more`] : named;
}
