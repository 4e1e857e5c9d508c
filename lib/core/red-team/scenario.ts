// What a red-team scenario is: data. Who plays it is elsewhere, and so is what stands between it and the tools.

/** The kinds of attack, in the order in which they are shown. */
export const FAMILIES = [
  'injection',
  'poisoning',
  'escalation',
  'exfiltration',
  'ssrf',
  'approval-bypass',
  'credential',
  'kill-switch',
] as const;
export type Family = (typeof FAMILIES)[number];

export const FAMILY_WORDS: Readonly<Record<Family, string>> = {
  injection: 'Injection',
  poisoning: 'Tool poisoning',
  escalation: 'Escalation',
  exfiltration: 'Exfiltration',
  ssrf: 'Egress and SSRF',
  'approval-bypass': 'Approval bypass',
  credential: 'Credentials',
  'kill-switch': 'Kill switch',
};

/** The controls that scenarios attack, by their number; the eighth is the run itself. */
export const CONTROLS = [1, 2, 3, 4, 5, 6, 7] as const;
export type Control = (typeof CONTROLS)[number];

export const CONTROL_WORDS: Readonly<Record<Control, string>> = {
  1: 'Blast radius',
  2: 'Default-deny',
  3: 'Identities apart',
  4: 'Egress allowlist',
  5: 'Audit per call',
  6: 'Time-boxed credentials',
  7: 'Kill switch',
};

/** By which way a scenario comes. A way that is closed to everybody proves nothing about what came by it. */
export const PATHS = ['calls', 'holds', 'proxy', 'console', 'gateway'] as const;
export type Path = (typeof PATHS)[number];

export type Severity = 'critical' | 'high' | 'medium';

/** How one attempt ended. `unanswered`: no answer, or one that says nothing (a failure of ours). */
export type Effect = 'allowed' | 'held' | 'blocked' | 'unanswered';

/** One attempt of a scenario: what is sent, in words, and what must come of it. */
export type Want = {
  readonly sent: string;
  readonly effect: Exclude<Effect, 'unanswered'>;
  /** The codes that are the right reason; empty = any. */
  readonly codes: readonly string[];
};

/** What came of one attempt. */
export type Observation = {
  readonly effect: Effect;
  readonly code: string | null;
  /** The HTTP status, where there was one. */
  readonly status: number | null;
  readonly callId: string | null;
  /** Whether the log has an entry of the call; null where there is no call. */
  readonly recorded: boolean | null;
};

export type Scenario = {
  readonly id: string;
  readonly family: Family;
  readonly controls: readonly Control[];
  /** The guardrail that must hold; incidents are kept by guardrail and family. */
  readonly guard: string;
  readonly severity: Severity;
  readonly title: string;
  /** What an attacker would win. */
  readonly why: string;
  readonly path: Path;
  readonly wants: readonly Want[];
};

export const blocked = (sent: string, ...codes: readonly string[]): Want => ({ sent, effect: 'blocked', codes });
export const held = (sent: string): Want => ({ sent, effect: 'held', codes: ['approval-pending'] });
export const allowed = (sent: string): Want => ({ sent, effect: 'allowed', codes: [] });
