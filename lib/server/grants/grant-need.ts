// Server-only. What people must bring for a grant: the hold that it takes the place of, as it is now.
import type { Refusal } from '#lib/contracts/problems.ts';
import { actionClassSchema } from '#lib/contracts/shared-shapes.ts';
import { stricterTerms } from '#lib/core/approvals/terms.ts';
import { type CompiledRules, compileRules } from '#lib/core/policies/compile.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { HoldTerms, Rule } from '#lib/core/policies/rule.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { type ActionClass, stricterTier, type Tier } from '#lib/core/risk/types.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { storedRulesSchema } from '../snapshot/config-rows.ts';

/** The policy in force, prepared once for any number of subjects. */
export type PolicyNow = {
  readonly version: number;
  readonly rules: CompiledRules;
  readonly undoHighS: number;
  readonly freesAllowed: boolean;
  readonly nowMs: number;
};

/** Whom and what a grant is about. */
export type GrantSubject = {
  readonly agent: string;
  readonly server: string;
  readonly tool: string | null;
  readonly actionClass: ActionClass | null;
  readonly tainted: boolean;
};

/** A tool as the registry has it, with the tags it is decided by. */
export type SubjectTool = {
  readonly name: string;
  readonly digest: string;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
};

export type GrantNeed = { readonly terms: HoldTerms; readonly tier: Tier };

/**
 * Reads the policy in force for judging grants.
 *
 * A denial that depends on arguments, on whether they can be read, on taint or the hour says nothing about a grant as a whole: it is left out here, and
 * judged at every use, where it wins. A hold's condition counts as met, since the calls are not known yet.
 */
export async function readPolicyNow(tx: Tx): Promise<PolicyNow> {
  const [row, settings, now] = [
    await tx.policyVersion.findFirst({ where: { status: 'published' }, orderBy: { version: 'desc' } }),
    await tx.settings.findUniqueOrThrow({ where: { id: 1 } }),
    await databaseNow(tx),
  ];
  const rules = row === null ? [] : storedRulesSchema.parse(row.rules);
  return {
    version: row?.version ?? 0,
    rules: compileRules(rules.filter((rule) => !deniesSometimes(rule))),
    undoHighS: settings.undoHighS,
    freesAllowed: row?.freesAllowed ?? false,
    nowMs: now.getTime(),
  };
}

/** The accepted tools that a grant for one tool or one class of a server would cover now. */
export async function readSubjectTools(
  tx: Tx,
  serverId: string,
  subject: Pick<GrantSubject, 'tool' | 'actionClass'>,
): Promise<readonly SubjectTool[]> {
  const server = await tx.server.findUniqueOrThrow({ where: { id: serverId }, select: { tier: true } });
  const rows = await tx.tool.findMany({
    where: {
      serverId,
      pinState: 'accepted',
      ...(subject.tool === null ? { actionClass: subject.actionClass ?? '' } : { name: subject.tool }),
    },
    orderBy: { name: 'asc' },
  });
  return rows.flatMap((row) => {
    if (row.acceptedDigest === null || row.acceptedDigest !== row.definitionDigest) return [];
    const tier = row.taggedAt === null ? stricterTier(server.tier, row.tier) : row.tier;
    return [
      { name: row.name, digest: row.acceptedDigest, tier, actionClass: actionClassSchema.parse(row.actionClass) },
    ];
  });
}

/**
 * What the hold asks for now; for a class the strictest over its tools. Refuses what policy denies, and what is not held:
 * a grant for it would say nothing.
 */
export function needOf(
  policy: PolicyNow,
  subject: GrantSubject,
  tools: readonly SubjectTool[],
): Result<GrantNeed, Refusal> {
  let need: GrantNeed | null = null;
  for (const tool of tools) {
    const verdict = decide({
      rules: policy.rules,
      call: {
        agent: subject.agent,
        server: subject.server,
        tool: tool.name,
        tier: tool.tier,
        actionClass: tool.actionClass,
        tainted: subject.tainted,
        nowMs: policy.nowMs,
      },
      defaults: { undoHighS: policy.undoHighS, freesAllowed: policy.freesAllowed },
    });
    if (verdict.decision === 'deny') return err({ code: 'denied-by-policy', detail: 'Policy denies these calls.' });
    if (verdict.decision === 'allow') continue;
    need =
      need === null
        ? { terms: verdict.terms, tier: tool.tier }
        : { terms: stricterTerms(need.terms, verdict.terms), tier: stricterTier(need.tier, tool.tier) };
  }
  if (need === null) return err({ code: 'invalid-request', detail: 'No accepted tool named here is held.' });
  return ok(need);
}

function deniesSometimes(rule: Rule): boolean {
  const { tainted, inspectable, time } = rule.when;
  return rule.then === 'deny' && [rule.if, tainted, inspectable, time].some((part) => part !== undefined);
}
