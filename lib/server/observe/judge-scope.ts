// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import {
  coversSensitive,
  isSensitive,
  LONGEST_OBSERVE_S,
  LONGEST_SENSITIVE_OBSERVE_S,
} from '#lib/core/policies/observe-limits.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { readInForce } from '../policies/policy-rows.ts';
import { type KnownTool, readKnownTools } from '../policies/read-world.ts';
import { ruleHash } from '../snapshot/observe-rules.ts';

/** What a scope is now: the content of the rule that it names, null for anything else. */
export type JudgedScope = { readonly ruleHash: string | null };

/**
 * Whether a scope exists and may be in observe for so long.
 *
 * Thirty days at most, seven where it reaches a registered high-tier tool of class shell, code-exec, money, billing, iam
 * or secrets. Judged when a window is opened and again when it is confirmed: tools and tags move on in between.
 */
export async function judgeScope(tx: Tx, scope: string, minutes: number): Promise<Result<JudgedScope, Refusal>> {
  const [kind = '', name = ''] = splitScope(scope);
  const tools = await readKnownTools(tx);
  const reach = await reachOf(tx, kind, name, tools);
  if (reach === null) return err({ code: 'invalid-request', detail: `scope: there is no ${kind} ${name}` });
  const { sensitive, ruleHash } = reach;
  const mostS = sensitive ? LONGEST_SENSITIVE_OBSERVE_S : LONGEST_OBSERVE_S;
  if (minutes * 60 <= mostS) return ok({ ruleHash });
  const why = sensitive ? ', because it covers high-tier shell, code, money, billing, IAM or secrets' : '';
  return err({ code: 'invalid-request', detail: `minutes: at most ${mostS / 60} (${mostS / 86_400} days)${why}` });
}

/** Null: there is nothing of that name. */
async function reachOf(
  tx: Tx,
  kind: string,
  name: string,
  tools: readonly KnownTool[],
): Promise<(JudgedScope & { readonly sensitive: boolean }) | null> {
  if (kind === 'control') return { sensitive: tools.some(isSensitive), ruleHash: null };
  if (kind === 'server') {
    const server = await tx.server.findUnique({ where: { name }, select: { id: true } });
    if (server === null) return null;
    return { sensitive: tools.some((tool) => tool.server === name && isSensitive(tool)), ruleHash: null };
  }
  const { rules } = await readInForce(tx);
  const rule = rules.find((candidate) => candidate.name === name);
  return rule === undefined ? null : { sensitive: coversSensitive(rule, tools), ruleHash: ruleHash(rule) };
}

function splitScope(scope: string): readonly string[] {
  const at = scope.indexOf(':');
  return [scope.slice(0, at), scope.slice(at + 1)];
}
