// Server-only.
import type { Rule } from '#lib/core/policies/rule.ts';
import type { SnapshotObserve } from './snapshot.ts';

/**
 * Marks the rules that a running window names as in observe, until the window ends; by itself, without a reload, such a
 * rule then enforces again. A rule that is in observe for longer already stays so.
 */
export function observeRules(rules: readonly Rule[], windows: readonly SnapshotObserve[]): readonly Rule[] {
  const endOf = new Map<string, number>();
  for (const { scope, endsAtMs } of windows) {
    if (!scope.startsWith('rule:')) continue;
    const name = scope.slice('rule:'.length);
    endOf.set(name, Math.max(endsAtMs, endOf.get(name) ?? 0));
  }
  if (endOf.size === 0) return rules;
  return rules.map((rule) => {
    const endsAtMs = endOf.get(rule.name);
    if (endsAtMs === undefined) return rule;
    const own = rule.mode === 'observe' ? Date.parse(rule.observeUntil ?? '') : Number.NaN;
    const until = Number.isNaN(own) ? endsAtMs : Math.max(own, endsAtMs);
    return { ...rule, mode: 'observe', observeUntil: new Date(until).toISOString() };
  });
}
