import type { ActionClass, Tier } from '../risk/types.ts';

/** What a rule or a tier says about a call. */
export type Decision = 'allow' | 'hold' | 'deny';

/**
 * One rule. Conditions that are present must all match; one that is absent matches everything. `tools` patterns that
 * contain `__` are compared with `server__tool`, others with the tool's own name.
 */
export type Rule = {
  readonly name: string;
  readonly when: {
    readonly agents?: readonly string[] | undefined;
    readonly servers?: readonly string[] | undefined;
    readonly tools?: readonly string[] | undefined;
    readonly tiers?: readonly Tier[] | undefined;
    readonly classes?: readonly ActionClass[] | undefined;
  };
  readonly then: Decision;
  readonly quorum?: number | undefined;
  readonly expiresInS?: number | undefined;
};

/** What a rule may look at; tier and class come from our registry, never from the agent or the upstream. */
export type PolicyCall = {
  readonly agent: string;
  readonly server: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
};
