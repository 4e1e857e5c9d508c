import type { Refusal } from '#lib/contracts/problems.ts';
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';

/** Who sets the demo up, as the log names it. */
export const OPERATOR: OperatorPrincipal = { kind: 'operator', name: 'demo' };

/** The value; the demo sets up what it knows to fit, so a refusal means that the data directory was changed by hand. */
export function must<T>(result: Result<T, Refusal>): T {
  if (!result.ok) {
    throw new Error(result.error.detail ?? result.error.code);
  }
  return result.value;
}
