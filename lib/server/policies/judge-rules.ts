// Server-only.
import type { Comparison, LintFinding } from '#lib/contracts/policies.ts';
import { comparePolicies, type PolicyWorld } from '#lib/core/policies/compare.ts';
import { lintRules } from '#lib/core/policies/lint.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import type { BoundWindow } from '../observe/bound-windows.ts';
import { observedUntil, observeRules, ruleHash } from '../snapshot/observe-rules.ts';
import type { PolicyInForce } from './policy-rows.ts';

/** What rules are judged in: the registry and people, and the windows that lift rules now or may soon. */
export type JudgedIn = PolicyWorld & { readonly windows: readonly BoundWindow[] };

export type Judged = { readonly findings: readonly LintFinding[]; readonly comparison: Comparison };

/** What lint finds in the rules, and how they decide otherwise than the version they are to replace. */
export function judgeRules(before: PolicyInForce, after: readonly Rule[], world: JudgedIn): Judged {
  return { findings: [...lintRules(after, world)], comparison: compareWith(before, after, world) };
}

/**
 * Compares by decisions. The older rules count with what they do today: a `frees` that two people never let in does
 * nothing, so a version which would bring it to life is seen to loosen.
 *
 * Rules in observe count as such on both sides: one that holds nothing for now makes up for none that goes. Windows that
 * wait for their second person are taken once as never confirmed and once as confirmed, and the looser answer counts.
 */
export function compareWith(before: PolicyInForce, after: readonly Rule[], world: JudgedIn): Comparison {
  const { windows } = world;
  const running = windows.filter((window) => !window.waits);
  const now = compare({ ...before, rules: lifted(before.rules, running) }, lifted(after, running), world);
  if (now.loosens || running.length === windows.length) return now;
  // A window that waits never starts once its rule is gone, so what goes counts as enforced until then.
  const kept = new Set(after.map(ruleHash));
  const [stays, goes] = [
    before.rules.filter((rule) => kept.has(ruleHash(rule))),
    before.rules.filter((rule) => !kept.has(ruleHash(rule))),
  ];
  const soonBefore = [...lifted(stays, windows), ...lifted(goes, running)];
  const soon = compare({ ...before, rules: soonBefore }, lifted(after, windows), world);
  return soon.loosens ? { ...now, loosens: true, looser: soon.looser } : now;
}

function compare(before: PolicyInForce, after: readonly Rule[], world: PolicyWorld): Comparison {
  const defaults = { ...world.defaults, freesAllowed: before.freesAllowed };
  const { loosens, tightens, looser, stricter } = comparePolicies(before.rules, after, { ...world, defaults });
  return { loosens, tightens, looser: [...looser], stricter: [...stricter] };
}

/** The rules with those in observe that these windows put there; a window over all denials lifts every deny. */
function lifted(rules: readonly Rule[], windows: readonly BoundWindow[]): readonly Rule[] {
  const observed = observeRules(rules, windows);
  const ends = windows.filter(({ scope }) => scope === 'control:policies').map(({ endsAtMs }) => endsAtMs);
  if (ends.length === 0) return observed;
  return observed.map((rule) => (rule.then === 'deny' ? observedUntil(rule, Math.max(...ends)) : rule));
}

/** Whether publishing is out of the question. */
export function hasErrors(findings: readonly LintFinding[]): boolean {
  return findings.some((finding) => finding.level === 'error');
}
