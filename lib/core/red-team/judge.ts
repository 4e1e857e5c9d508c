import type { Observation, Scenario, Want } from './scenario.ts';

/**
 * pass: what was expected came, for the right reason, and is in the log · weak: nothing got through, but for another reason
 * or without a trace · fail: the attack got through · vacuous: nobody could get through there, so it proves nothing ·
 * error: no answer that says anything. Only a pass is a pass.
 */
export const VERDICTS = ['pass', 'weak', 'vacuous', 'error', 'fail'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * Judges a scenario by what was observed. `pathOpen`: whether an honest caller got through on the same way a moment before.
 * The worst attempt decides. An attack that got through is a failure also where the way looked closed.
 */
export function judge(scenario: Pick<Scenario, 'wants'>, observed: readonly Observation[], pathOpen: boolean): Verdict {
  const verdicts = scenario.wants.map((want, at) => judgeOne(want, observed[at]));
  const worst = worstOf(verdicts);
  return pathOpen || worst === 'fail' || worst === 'error' ? worst : 'vacuous';
}

function judgeOne(want: Want, seen: Observation | undefined): Verdict {
  if (seen === undefined || seen.effect === 'unanswered') return 'error';
  switch (want.effect) {
    case 'allowed':
      // The way in to the attack itself: where it is closed, the attack was not made.
      return seen.effect === 'allowed' ? 'pass' : 'vacuous';
    case 'held':
    case 'blocked': {
      if (seen.effect === 'allowed') return 'fail';
      const isRight = seen.effect === want.effect && (want.codes.length === 0 || want.codes.includes(seen.code ?? ''));
      return isRight && seen.recorded !== false ? 'pass' : 'weak';
    }
  }
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (worst, one) => (VERDICTS.indexOf(one) > VERDICTS.indexOf(worst) ? one : worst),
    verdicts.length === 0 ? 'error' : 'pass',
  );
}
