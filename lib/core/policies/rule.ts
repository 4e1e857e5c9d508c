import type { JsonObject } from '../json/value.ts';
import type { ActionClass, Tier } from '../risk/types.ts';

/** What a rule or a tier says about a call. */
export type Decision = 'allow' | 'hold' | 'deny';

/** `count` distinct humans who belong to at least one of `groups`. Factors are AND-ed; no human counts for two of them. */
export type Factor = { readonly groups: readonly string[]; readonly count: number };

/** After so many seconds without a decision these groups are asked too, and count for every factor. */
export type EscalationStep = { readonly afterS: number; readonly groups: readonly string[] };

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Wall-clock time in an IANA zone. `from` is part of it, `to` is not; from > to runs over midnight; both absent = all day. */
export type TimeWindow = {
  readonly zone: string;
  readonly days?: readonly Weekday[] | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/**
 * One rule. Conditions that are present must all match; one that is absent matches everything. `tools` patterns that
 * contain `__` are compared with `server__tool`, others with the tool's own name.
 */
export type Rule = {
  readonly name: string;
  readonly description?: string | undefined;
  readonly when: {
    readonly agents?: readonly string[] | undefined;
    readonly servers?: readonly string[] | undefined;
    readonly tools?: readonly string[] | undefined;
    readonly tiers?: readonly Tier[] | undefined;
    readonly classes?: readonly ActionClass[] | undefined;
    /** The session has (or has not) read untrusted content. */
    readonly tainted?: boolean | undefined;
    /** Every command, statement and encoding in the arguments could be read by a parser (or at least one could not). */
    readonly inspectable?: boolean | undefined;
    readonly time?: TimeWindow | undefined;
  };
  /** CEL over args, tool, server, agent, session, now. One that errors counts as met for deny and hold, unmet for allow. */
  readonly if?: string | undefined;
  readonly then: Decision;
  /** An allow that may free what the tier holds: it must say so, and two people must have published it. */
  readonly frees?: boolean | undefined;
  /** Distinct humans; default 1. */
  readonly quorum?: number | undefined;
  /** Short for one factor: `quorum` humans of these groups. */
  readonly from?: readonly string[] | undefined;
  readonly factors?: readonly Factor[] | undefined;
  readonly expiresInS?: number | undefined;
  /** How long an approval may wait to be used; default 900. */
  readonly approvedForS?: number | undefined;
  /** How long a vote counts from being cast; default 900. */
  readonly voteTtlS?: number | undefined;
  readonly undoS?: number | undefined;
  readonly stepUp?: 'passkey' | undefined;
  readonly escalate?: readonly EscalationStep[] | undefined;
  /** `observe`: the rule decides nothing and what it would have done is recorded, until `observeUntil`; then it enforces. */
  readonly mode?: 'enforce' | 'observe' | undefined;
  /** ISO 8601 UTC; required with `mode: observe`. */
  readonly observeUntil?: string | undefined;
};

/** What a hold asks for. Of several rules the stricter of each part applies. Times in seconds. */
export type HoldTerms = {
  readonly quorum: number;
  readonly factors: readonly Factor[];
  readonly stepUp: 'none' | 'passkey';
  readonly pendingTtlS: number;
  readonly approvedTtlS: number;
  readonly voteTtlS: number;
  readonly undoS: number;
  readonly escalation: readonly EscalationStep[];
};

/** What a rule may look at; tier and class come from our registry, never from the agent or the upstream. */
export type PolicyCall = {
  readonly agent: string;
  readonly server: string;
  readonly tool: string;
  readonly tier: Tier;
  readonly actionClass: ActionClass;
  /** The parsed arguments; absent only where a decision without them is asked for (a page, a grant): conditions then error. */
  readonly args?: JsonObject | undefined;
  /** The declared session, or `agent:<id>`. */
  readonly session?: string | undefined;
  readonly tainted?: boolean | undefined;
  /**
   * Reads the arguments as a call of this class would have them: whether all that is a program for somebody could be
   * inspected. Asked last and only by rules that want to know, since reading takes time; absent = nobody can tell.
   */
  readonly inspectable?: ((actionClass: ActionClass) => boolean) | undefined;
  /** Milliseconds since the epoch, by the clock of whoever decides. */
  readonly nowMs?: number | undefined;
};

/** Defaults of the installation that a decision depends on, as data. */
export type PolicyDefaults = {
  /** Undo window in seconds of a high-tier hold where no rule names one. */
  readonly undoHighS: number;
  /** Whether `frees` has effect: the version was published by two people, or under the solo rule. */
  readonly freesAllowed: boolean;
};
