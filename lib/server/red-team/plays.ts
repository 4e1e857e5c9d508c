// Server-only. How each scenario of the catalogue is played.
import { APPROVAL_BYPASS_PLAYS } from './plays/approval-bypass.ts';
import { CREDENTIAL_PLAYS } from './plays/credential.ts';
import { ESCALATION_PLAYS } from './plays/escalation.ts';
import { EXFILTRATION_PLAYS } from './plays/exfiltration.ts';
import { INJECTION_PLAYS } from './plays/injection.ts';
import { KILL_SWITCH_PLAYS } from './plays/kill-switch.ts';
import type { Plays } from './plays/play.ts';
import { POISONING_PLAYS } from './plays/poisoning.ts';
import { SSRF_PLAYS } from './plays/ssrf.ts';

export const PLAYS: Plays = {
  ...ESCALATION_PLAYS,
  ...INJECTION_PLAYS,
  ...POISONING_PLAYS,
  ...EXFILTRATION_PLAYS,
  ...SSRF_PLAYS,
  ...APPROVAL_BYPASS_PLAYS,
  ...CREDENTIAL_PLAYS,
  ...KILL_SWITCH_PLAYS,
};
