import type { ActionClass, Tier } from '../risk/types.ts';

/** Classes whose high-tier tools may be in observe for a week at most. */
const SENSITIVE: readonly ActionClass[] = ['shell', 'code-exec', 'money', 'billing', 'iam', 'secrets'];
const DAY_S = 24 * 60 * 60;
/** How long anything may be in observe, and how long where it covers what does the most harm. */
export const LONGEST_OBSERVE_S = 30 * DAY_S;
export const LONGEST_SENSITIVE_OBSERVE_S = 7 * DAY_S;

/** Whether a tool is one that observe may not cover for long. */
export function isSensitive(tool: { readonly tier: Tier; readonly actionClass: ActionClass }): boolean {
  return tool.tier === 'high' && SENSITIVE.includes(tool.actionClass);
}

/** Whether tiers and classes of a rule let such a tool in; absent means any. */
export function admitsSensitive(
  tiers: readonly Tier[] | undefined,
  classes: readonly ActionClass[] | undefined,
): boolean {
  return (tiers?.includes('high') ?? true) && (classes?.some((name) => SENSITIVE.includes(name)) ?? true);
}
