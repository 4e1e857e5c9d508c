/** What the running system shows of one tier: tools that can be called, and what calls of 30 days came to. */
export type TierFacts = {
  readonly tools: number;
  /** Calls that waited for a person. */
  readonly held: number;
  /** Calls that ran without a request: by a grant, a rule that frees, or in observe. */
  readonly ran: number;
};

/** A window over a scope that runs now, or waits for its second person. */
export type RolloutWindow = { readonly scope: string; readonly running: boolean };

/** Everything the steps are judged by, as the rows say it now. Ages are measured by the database's clock. */
export type RolloutFacts = {
  readonly servers: {
    readonly active: number;
    readonly failing: number;
    readonly http: number;
    readonly stdio: number;
  };
  /** Of active servers. `unclassified`: accepted, of class `other`, and no person has said so. */
  readonly tools: {
    readonly accepted: number;
    readonly waiting: number;
    readonly drifted: number;
    readonly unclassified: number;
  };
  /** `seen` within 30 days; `proxied`: agents whose own traffic went through the proxy; `oldSecrets`: newest secret too old. */
  readonly agents: {
    readonly active: number;
    readonly seen: number;
    readonly proxied: number;
    readonly oldSecrets: number;
  };
  readonly proxiedServers: number;
  /** `days`: on how many of the last 30 a call was recorded. `checkpointAgeS` null: none was ever signed. */
  readonly log: {
    readonly calls: number;
    readonly days: number;
    readonly waiting: number;
    readonly checkpointAgeS: number | null;
  };
  readonly high: TierFacts;
  readonly medium: TierFacts;
  readonly low: TierFacts;
  readonly decisions: { readonly decided: number; readonly expired: number };
  /** People who count as different humans. */
  readonly reviewers: number;
  /** `observing`: rules that the policy itself has in observe. */
  readonly policy: { readonly version: number; readonly rules: number; readonly observing: number };
  readonly windows: readonly RolloutWindow[];
  readonly channels: { readonly enabled: number; readonly delivered: number; readonly failing: number };
  readonly egress: {
    readonly entries: number;
    readonly endless: number;
    readonly refused24h: number;
    readonly waiting: number;
  };
  readonly credentials: {
    readonly live: number;
    readonly migration: number;
    readonly ended: number;
    readonly failing: number;
    readonly rotating: number;
  };
  /** The newest finished run; `gaps` are accepted until a day. */
  readonly redTeam: {
    readonly enabled: boolean;
    readonly gaps: number;
    readonly last: {
      readonly light: 'green' | 'amber' | 'red';
      readonly held: number;
      readonly counted: number;
      readonly ageDays: number;
    } | null;
  };
  /** Open ones nobody has taken yet; and since the last drill that was resolved. */
  readonly incidents: { readonly untaken: number; readonly drillAgeDays: number | null };
  /** Since the last stop that was restored again. */
  readonly drillAgeDays: number | null;
  readonly calibration: { readonly enabled: boolean; readonly judged: number };
};
