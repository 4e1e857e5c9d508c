import { qualifiedToolName } from '../servers/names.ts';
import { compileRule, enforces, type MatchableRule, type Meeting } from './match-rule.ts';
import { PatternIndex } from './pattern-index.ts';
import type { PolicyCall, Rule } from './rule.ts';

/** Rules arranged so that a call meets only those that could concern it. Build once per policy version, then share. */
export type CompiledRules = {
  readonly kind: 'compiled-rules';
  readonly byTool: PatternIndex<MatchableRule>;
  readonly byQualifiedTool: PatternIndex<MatchableRule>;
  readonly byServer: PatternIndex<MatchableRule>;
  readonly byAgent: PatternIndex<MatchableRule>;
  readonly byClass: ReadonlyMap<string, readonly MatchableRule[]>;
  readonly rest: readonly MatchableRule[];
};

/** The rules that matched a call, in the order in which they were written. */
export type Matches = { readonly enforced: readonly Rule[]; readonly observed: readonly Rule[] };

/** Compiles each rule and files it under its most selective condition; the few without one are looked at for every call. */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const byTool = new PatternIndex<MatchableRule>();
  const byQualifiedTool = new PatternIndex<MatchableRule>();
  const byServer = new PatternIndex<MatchableRule>();
  const byAgent = new PatternIndex<MatchableRule>();
  const byClass = new Map<string, MatchableRule[]>();
  const rest: MatchableRule[] = [];
  rules.forEach((rule, order) => {
    const matchable = compileRule(rule, order);
    const { agents, servers, tools, classes } = rule.when;
    // An empty list is malformed and must be seen by every call (see `compileRule`).
    const malformed = Object.values(rule.when).some((list) => Array.isArray(list) && list.length === 0);
    if (malformed) rest.push(matchable);
    else if (tools?.every(PatternIndex.canFile)) {
      for (const tool of new Set(tools)) {
        byTool.file(tool, matchable);
        if (tool.includes('__')) byQualifiedTool.file(tool, matchable);
      }
    } else if (servers?.every(PatternIndex.canFile)) for (const s of new Set(servers)) byServer.file(s, matchable);
    else if (agents?.every(PatternIndex.canFile)) for (const a of new Set(agents)) byAgent.file(a, matchable);
    else if (classes !== undefined) {
      for (const name of new Set(classes)) byClass.set(name, [...(byClass.get(name) ?? []), matchable]);
    } else rest.push(matchable);
  });
  return { kind: 'compiled-rules', byTool, byQualifiedTool, byServer, byAgent, byClass, rest };
}

/** Every rule that matches the call, those that decide apart from those that only observe now. */
export function matchingRules(compiled: CompiledRules, call: PolicyCall): Matches {
  const lists: (readonly MatchableRule[])[] = [compiled.rest];
  compiled.byTool.collect(call.tool, lists);
  compiled.byQualifiedTool.collect(qualifiedToolName(call.server, call.tool), lists);
  compiled.byServer.collect(call.server, lists);
  compiled.byAgent.collect(call.agent, lists);
  const ofClass = compiled.byClass.get(call.actionClass);
  if (ofClass !== undefined) lists.push(ofClass);

  const meeting: Meeting = { call, facts: null };
  // In the order of the rules, so that the budget that conditions share is spent the same way whatever the index.
  const candidates = lists.length === 1 ? compiled.rest : lists.flat().sort((a, b) => a.order - b.order);
  const enforced: Rule[] = [];
  const observed: Rule[] = [];
  let last = -1;
  for (const candidate of candidates) {
    if (candidate.order === last) continue;
    last = candidate.order;
    if (!candidate.matches(meeting)) continue;
    (enforces(candidate, call.nowMs) ? enforced : observed).push(candidate.rule);
  }
  return { enforced, observed };
}
