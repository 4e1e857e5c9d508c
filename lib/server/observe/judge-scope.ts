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

/**
 * Whether a scope exists and may be in observe for so long.
 *
 * Thirty days at most, seven where it reaches a registered high-tier tool of class shell, code-exec, money, billing, iam
 * or secrets. Judged when a window is opened and again when it is confirmed: tools and tags move on in between.
 */
export async function judgeScope(tx: Tx, scope: string, minutes: number): Promise<Result<true, Refusal>> {
  const [kind = '', name = ''] = splitScope(scope);
  const tools = await readKnownTools(tx);
  const sensitive = await reachesSensitive(tx, kind, name, tools);
  if (sensitive === null) return err({ code: 'invalid-request', detail: `scope: there is no ${kind} ${name}` });
  const mostS = sensitive ? LONGEST_SENSITIVE_OBSERVE_S : LONGEST_OBSERVE_S;
  if (minutes * 60 <= mostS) return ok(true);
  const why = sensitive ? ', because it covers high-tier shell, code, money, billing, IAM or secrets' : '';
  return err({ code: 'invalid-request', detail: `minutes: at most ${mostS / 60} (${mostS / 86_400} days)${why}` });
}

/** Null: there is nothing of that name. */
async function reachesSensitive(
  tx: Tx,
  kind: string,
  name: string,
  tools: readonly KnownTool[],
): Promise<boolean | null> {
  if (kind === 'control') return tools.some(isSensitive);
  if (kind === 'server') {
    const server = await tx.server.findUnique({ where: { name }, select: { id: true } });
    return server === null ? null : tools.some((tool) => tool.server === name && isSensitive(tool));
  }
  const { rules } = await readInForce(tx);
  const rule = rules.find((candidate) => candidate.name === name);
  return rule === undefined ? null : coversSensitive(rule, tools);
}

function splitScope(scope: string): readonly string[] {
  const at = scope.indexOf(':');
  return [scope.slice(0, at), scope.slice(at + 1)];
}
