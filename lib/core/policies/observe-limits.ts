import type { ActionClass, Tier } from '../risk/types.ts';
import { compileRules, matchingRules } from './compile.ts';
import type { Rule } from './rule.ts';
import type { WorldTool } from './world.ts';

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

/**
 * Whether a rule may be the one that holds or refuses such a tool: by tiers and classes, and where it names servers or
 * tools, by whether one is registered there.
 */
export function coversSensitive(rule: Rule, tools: readonly WorldTool[]): boolean {
  const { servers, tools: named, tiers, classes } = rule.when;
  const admits = (tiers?.includes('high') ?? true) && (classes?.some((name) => SENSITIVE.includes(name)) ?? true);
  if (!admits) return false;
  if (servers === undefined && named === undefined) return true;
  const reach = compileRules([
    { ...rule, when: { servers, tools: named, tiers, classes }, if: undefined, mode: undefined },
  ]);
  return tools.some((tool) => isSensitive(tool) && matchingRules(reach, { ...tool, agent: '' }).enforced.length > 0);
}
