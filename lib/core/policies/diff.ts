import { canonicalJson } from '../json/canonical.ts';
import type { JsonObject, JsonValue } from '../json/value.ts';
import type { Rule } from './rule.ts';
import type { RuleChange } from './world.ts';

export type { RuleChange } from './world.ts';

/**
 * What became of each rule between two versions, by name: added, removed, changed, or moved among those that stayed.
 *
 * In the order of the new version, removed rules last. A name that stands twice is compared by its first rule; lint
 * refuses it anyway.
 */
export function diffRules(before: readonly Rule[], after: readonly Rule[]): RuleChange[] {
  const old = byName(before);
  const now = byName(after);
  const stayedBefore = [...old.keys()].filter((name) => now.has(name));
  const stayedAfter = [...now.keys()].filter((name) => old.has(name));
  const inPlace = longestCommon(stayedBefore, stayedAfter);
  const changes: RuleChange[] = [];
  for (const [rule, is] of now) {
    const was = old.get(rule);
    if (was === undefined) changes.push({ kind: 'added', rule, before: null, after: is });
    else if (ruleText(was) !== ruleText(is)) changes.push({ kind: 'changed', rule, before: was, after: is });
    else if (!inPlace.has(rule)) changes.push({ kind: 'moved', rule, before: was, after: is });
  }
  for (const [rule, was] of old) {
    if (!now.has(rule)) changes.push({ kind: 'removed', rule, before: was, after: null });
  }
  return changes;
}

/** A rule as canonical text: two rules with the same text are the same rule, whatever the order of their members. */
export function ruleText(rule: Rule): string {
  return canonicalJson(plain(rule));
}

/** Drops members that are present but undefined, which JSON does not know. */
function plain(value: object): JsonObject {
  const out: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    const json = plainValue(member);
    if (json !== undefined) out[key] = json;
  }
  return out;
}

function plainValue(value: unknown): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((element: unknown) => plainValue(element) ?? null);
  if (typeof value === 'object' && value !== null) return plain(value);
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return undefined;
}

function byName(rules: readonly Rule[]): Map<string, Rule> {
  const named = new Map<string, Rule>();
  for (const rule of rules) if (!named.has(rule.name)) named.set(rule.name, rule);
  return named;
}

/** The names that keep their order: a longest increasing run of the old positions, so that one move is one change. */
function longestCommon(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const place = new Map(before.map((name, index) => [name, index]));
  const positions = after.map((name) => place.get(name) ?? 0);
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  positions.forEach((position, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((positions[ends[middle] ?? 0] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? ends[low - 1] : undefined;
    ends[low] = index;
  });
  const kept = new Set<string>();
  for (let at = ends.at(-1); at !== undefined; at = previous[at]) kept.add(after[at] ?? '');
  return kept;
}
