import type { Verdict } from './judge.ts';

/**
 * How a scenario stands after a run: holds · recovered (was open, holds again) · weak · known-gap (open, and accepted for
 * now) · regressed (held before) · open (was open before, or is seen for the first time) · unproven (no evidence either way).
 */
export const STANDINGS = ['holds', 'recovered', 'weak', 'known-gap', 'regressed', 'open', 'unproven'] as const;
export type Standing = (typeof STANDINGS)[number];

/** An accepted gap excuses what is open or weak, never what is without evidence: nobody accepted not knowing. */
export function standingOf(now: Verdict, before: Verdict | null, gapAccepted: boolean): Standing {
  switch (now) {
    case 'pass':
      return before === 'fail' ? 'recovered' : 'holds';
    case 'weak':
      return gapAccepted ? 'known-gap' : 'weak';
    case 'fail':
      if (gapAccepted) return 'known-gap';
      return before === 'pass' || before === 'weak' ? 'regressed' : 'open';
    case 'error':
    case 'vacuous':
      return 'unproven';
  }
}

/** Whether people must be told: a guardrail that lets an attack through, and nobody has accepted that it does. */
export function needsIncident(standing: Standing): boolean {
  return standing === 'regressed' || standing === 'open';
}

export type Light = 'green' | 'amber' | 'red';

/**
 * What a whole run says. Red: something got through or is unproven, or the tripwire did not trip, so the run could not have
 * noticed anything. Amber: what is weak or accepted. A run without a scenario says nothing and is red.
 */
export function lightOf(standings: readonly Standing[], tripwireTripped: boolean): Light {
  if (!tripwireTripped || standings.length === 0) return 'red';
  if (standings.some((one) => one === 'regressed' || one === 'open' || one === 'unproven')) return 'red';
  return standings.some((one) => one === 'weak' || one === 'known-gap') ? 'amber' : 'green';
}
