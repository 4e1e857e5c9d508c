/** Every state of an approval request, as the database stores it. */
export const APPROVAL_STATES = [
  'pending',
  'approved',
  'denied',
  'expired',
  'withdrawn',
  'superseded',
  'killed',
  'consumed',
  'revoked',
  'expired-unused',
  'succeeded',
  'failed',
  'unknown-outcome',
] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

/**
 * The only edges there are. Nothing leads back, nothing leaves a decided state except `approved` and `consumed`, and the
 * way to `consumed` is through `approved` alone: no edge here means no UPDATE may make the step.
 */
const EDGES: Readonly<Record<ApprovalState, readonly ApprovalState[]>> = {
  pending: ['approved', 'denied', 'expired', 'withdrawn', 'superseded', 'killed'],
  approved: ['consumed', 'denied', 'revoked', 'expired-unused', 'killed'],
  consumed: ['succeeded', 'failed', 'unknown-outcome'],
  denied: [],
  expired: [],
  withdrawn: [],
  superseded: [],
  killed: [],
  revoked: [],
  'expired-unused': [],
  succeeded: [],
  failed: [],
  'unknown-outcome': [],
};

/** Whether a request may step from one state to another. */
export function canTransition(from: ApprovalState, to: ApprovalState): boolean {
  return EDGES[from].includes(to);
}

/** Whether a request in this state can never change again. */
export function isTerminal(state: ApprovalState): boolean {
  return EDGES[state].length === 0;
}

/** The states from which one may step to `to`: the WHERE clause of the conditional UPDATE. */
export function statesBefore(to: ApprovalState): readonly ApprovalState[] {
  return APPROVAL_STATES.filter((from) => canTransition(from, to));
}
