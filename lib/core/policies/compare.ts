import type { Rule } from './rule.ts';
import type { PolicyComparison, PolicyWorld } from './world.ts';

export type { PolicyComparison, PolicyWorld } from './world.ts';

/** Whether one policy is looser than another. Until calls are compared, whatever differs at all counts as looser. */
export function comparePolicies(
  before: readonly Rule[],
  after: readonly Rule[],
  _world: PolicyWorld,
): PolicyComparison {
  const same = JSON.stringify(before) === JSON.stringify(after);
  return { loosens: !same, tightens: false, looser: [], stricter: [] };
}
