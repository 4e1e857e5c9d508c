import { qualifiedToolName } from '../servers/names.ts';
import { isLiteral, matchesGlob } from './glob.ts';
import type { PolicyCall, Rule } from './rule.ts';

/** Rules arranged so that a call meets only those that could concern it. Build once per policy version, then share. */
export type CompiledRules = {
  readonly kind: 'compiled-rules';
  readonly byServer: ReadonlyMap<string, readonly IndexedRule[]>;
  readonly byTool: ReadonlyMap<string, readonly IndexedRule[]>;
  readonly byAgent: ReadonlyMap<string, readonly IndexedRule[]>;
  readonly byClass: ReadonlyMap<string, readonly IndexedRule[]>;
  readonly rest: readonly IndexedRule[];
};
type IndexedRule = { readonly order: number; readonly rule: Rule };

/** Files each rule under its most selective plain condition; rules with patterns only are looked at for every call. */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const byServer = new Map<string, IndexedRule[]>();
  const byTool = new Map<string, IndexedRule[]>();
  const byAgent = new Map<string, IndexedRule[]>();
  const byClass = new Map<string, IndexedRule[]>();
  const rest: IndexedRule[] = [];
  rules.forEach((rule, order) => {
    const indexed = { order, rule };
    const { agents, servers, tools, classes } = rule.when;
    // An empty list is malformed and must be seen by every call (see `conditionHolds`).
    const malformed = Object.values(rule.when).some((list) => Array.isArray(list) && list.length === 0);
    if (malformed) rest.push(indexed);
    else if (tools?.every((t) => isLiteral(t) && !t.includes('__'))) file(byTool, tools, indexed);
    else if (servers?.every(isLiteral)) file(byServer, servers, indexed);
    else if (agents?.every(isLiteral)) file(byAgent, agents, indexed);
    else if (classes !== undefined) file(byClass, classes, indexed);
    else rest.push(indexed);
  });
  return { kind: 'compiled-rules', byServer, byTool, byAgent, byClass, rest };
}

function file(index: Map<string, IndexedRule[]>, keys: readonly string[], rule: IndexedRule): void {
  for (const key of new Set(keys)) {
    const list = index.get(key);
    if (list === undefined) index.set(key, [rule]);
    else list.push(rule);
  }
}

/** Every rule that matches the call, in the order in which they were written. */
export function matchingRules(compiled: CompiledRules, call: PolicyCall): readonly Rule[] {
  const found: IndexedRule[] = [];
  const lists = [
    compiled.byServer.get(call.server),
    compiled.byTool.get(call.tool),
    compiled.byAgent.get(call.agent),
    compiled.byClass.get(call.actionClass),
    compiled.rest,
  ];
  for (const list of lists) {
    if (list === undefined) continue;
    for (const indexed of list) if (matches(indexed.rule, call)) found.push(indexed);
  }
  return found.sort((a, b) => a.order - b.order).map((indexed) => indexed.rule);
}

function matches(rule: Rule, call: PolicyCall): boolean {
  const { agents, servers, tools, tiers, classes } = rule.when;
  return (
    conditionHolds(rule, servers, (s) => matchesGlob(s, call.server)) &&
    conditionHolds(rule, tools, (t) => matchesTool(t, call)) &&
    conditionHolds(rule, agents, (a) => matchesGlob(a, call.agent)) &&
    conditionHolds(rule, tiers, (t) => t === call.tier) &&
    conditionHolds(rule, classes, (c) => c === call.actionClass)
  );
}

/** An empty list says nothing: like a condition that errors it counts as met for deny and hold, as unmet for allow. */
function conditionHolds<T>(rule: Rule, list: readonly T[] | undefined, test: (item: T) => boolean): boolean {
  if (list === undefined) return true;
  if (list.length === 0) return rule.then !== 'allow';
  return list.some(test);
}

function matchesTool(pattern: string, call: PolicyCall): boolean {
  if (matchesGlob(pattern, call.tool)) return true;
  return pattern.includes('__') && matchesGlob(pattern, qualifiedToolName(call.server, call.tool));
}
