import type { ActionClass, Tier } from '../risk/types.ts';
import type { Decision, PolicyDefaults, Rule } from './rule.ts';

/** What is registered now: what a policy is compared and checked against. */
export type PolicyWorld = {
  readonly agents: readonly string[];
  readonly tools: readonly WorldTool[];
  /** Group → active reviewers in it. */
  readonly groups: ReadonlyMap<string, number>;
  readonly reviewers: number;
  readonly defaults: PolicyDefaults;
  readonly nowMs: number;
};
export type WorldTool = {
  readonly server: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
};

/** One call that two policies decide differently. */
export type ChangeExample = WorldTool & {
  readonly agent: string;
  readonly before: { readonly decision: Decision; readonly rule: string };
  readonly after: { readonly decision: Decision; readonly rule: string };
  readonly sentence: string;
};

/** How a policy differs from another in what it decides. */
export type PolicyComparison = {
  readonly loosens: boolean;
  readonly tightens: boolean;
  /** At most 50 of each, the worst first. */
  readonly looser: ChangeExample[];
  readonly stricter: ChangeExample[];
};

/** Something wrong or odd with a rule. `error` must keep a policy from being published. */
export type LintFinding = {
  readonly rule: string | null;
  readonly field: string | null;
  readonly level: 'error' | 'warning';
  readonly code:
    | 'bad-condition'
    | 'bad-time'
    | 'name-twice'
    | 'never-matches'
    | 'shadowed'
    | 'unreachable'
    | 'observe-without-end'
    | 'observe-too-long'
    | 'no-such-group'
    | 'too-few-people'
    | 'frees'
    | 'bad-terms';
  readonly sentence: string;
};

/** One rule's fate between two versions. */
export type RuleChange = {
  readonly kind: 'added' | 'removed' | 'changed' | 'moved';
  readonly rule: string;
  readonly before: Rule | null;
  readonly after: Rule | null;
};
