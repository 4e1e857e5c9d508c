// Server-only.
import { ruleText } from '#lib/core/policies/diff.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { nativeSha256Hex } from '../calls/native-hash.ts';
import type { SnapshotObserve } from './snapshot.ts';

const SCOPE = 'rule:';

/** What a window over a rule is bound to: all of the rule but its description, which decides nothing. */
export function ruleHash(rule: Rule): string {
  return nativeSha256Hex(ruleText({ ...rule, description: undefined }));
}

/** Whether a window is for this very rule. By its name alone, a rule that takes the name would be lifted by nobody. */
export function isForRule(window: Pick<SnapshotObserve, 'scope' | 'ruleHash'>, rule: Rule): boolean {
  return window.scope === `${SCOPE}${rule.name}` && window.ruleHash === ruleHash(rule);
}

/**
 * Marks the rules that a running window is for as in observe, until the window ends; by itself, without a reload, such a
 * rule then enforces again. A rule that is in observe for longer already stays so. A rule that has changed since the window
 * was opened enforces.
 */
export function observeRules(rules: readonly Rule[], windows: readonly SnapshotObserve[]): readonly Rule[] {
  const ofRules = windows.filter(({ scope }) => scope.startsWith(SCOPE));
  if (ofRules.length === 0) return rules;
  const names = new Set(ofRules.map(({ scope }) => scope.slice(SCOPE.length)));
  return rules.map((rule) => {
    if (!names.has(rule.name)) return rule;
    const ends = ofRules.filter((window) => isForRule(window, rule)).map(({ endsAtMs }) => endsAtMs);
    return ends.length === 0 ? rule : observedUntil(rule, Math.max(...ends));
  });
}

/** The rule in observe until then, or for longer where it says so itself. */
export function observedUntil(rule: Rule, endsAtMs: number): Rule {
  const own = rule.mode === 'observe' ? Date.parse(rule.observeUntil ?? '') : Number.NaN;
  const until = Number.isNaN(own) ? endsAtMs : Math.max(own, endsAtMs);
  return { ...rule, mode: 'observe', observeUntil: new Date(until).toISOString() };
}
