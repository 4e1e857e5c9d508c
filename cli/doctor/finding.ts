/** What one check found; `unknown` = it could not be asked, which is no failure. */
export type Finding = {
  readonly check: string;
  readonly state: 'good' | 'bad' | 'unknown';
  readonly sentence: string;
};

/** One check's result from its answer. */
export function finding(check: string, isGood: boolean, good: string, bad: string): Finding {
  return { check, state: isGood ? 'good' : 'bad', sentence: isGood ? good : bad };
}

/** Whether somebody must act. */
export function isBad(found: Finding): boolean {
  return found.state === 'bad';
}
