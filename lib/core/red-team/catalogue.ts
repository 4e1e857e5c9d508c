import { APPROVAL_BYPASS } from './catalogue/approval-bypass.ts';
import { CREDENTIAL } from './catalogue/credential.ts';
import { ESCALATION } from './catalogue/escalation.ts';
import { EXFILTRATION } from './catalogue/exfiltration.ts';
import { INJECTION } from './catalogue/injection.ts';
import { KILL_SWITCH } from './catalogue/kill-switch.ts';
import { POISONING } from './catalogue/poisoning.ts';
import { SSRF } from './catalogue/ssrf.ts';
import { blocked, type Scenario } from './scenario.ts';

/** Every scenario, in the order in which they are played. */
export const CATALOGUE: readonly Scenario[] = [
  ...ESCALATION,
  ...INJECTION,
  ...POISONING,
  ...EXFILTRATION,
  ...SSRF,
  ...APPROVAL_BYPASS,
  ...CREDENTIAL,
  ...KILL_SWITCH,
];

export function scenarioOf(id: string): Scenario | undefined {
  return CATALOGUE.find((scenario) => scenario.id === id);
}

/**
 * A guardrail that is not there: a harmless call that is allowed and is said to be blocked. It fails in every run and opens
 * a drill; a run in which it passes could not have noticed anything.
 */
export const TRIPWIRE: Scenario = {
  id: 'tripwire',
  family: 'escalation',
  controls: [],
  guard: 'tripwire',
  severity: 'medium',
  title: 'The tripwire',
  why: 'A run that cannot fail proves nothing.',
  path: 'calls',
  wants: [blocked('A harmless call that is allowed, and is said to be blocked')],
};
