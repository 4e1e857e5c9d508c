// Server-only. What an agent is told about a call that waits or was refused.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { HeldRequest } from '../approvals/held-request.ts';
import type { StepRefusal } from './attempt.ts';

const POLL_AFTER_MS = 2_000;

type Facts = {
  readonly callId: string;
  readonly tier?: Tier | undefined;
  readonly actionClass?: ActionClass | undefined;
  readonly request?: HeldRequest | null | undefined;
};

/** The record of a refusal. What was never classified counts as the worst: high, other. */
export function refusalRecord(refusal: StepRefusal, facts: Facts): HoldRecord {
  const row = PROBLEMS[refusal.code];
  const detail = refusal.detail === undefined ? '' : ` ${refusal.detail}`;
  return {
    callId: facts.callId,
    code: refusal.code,
    decision: 'deny',
    state: facts.request == null ? stateOf(refusal.code) : facts.request.status,
    ...(facts.request == null ? {} : { requestId: facts.request.id }),
    tier: facts.tier ?? 'high',
    actionClass: facts.actionClass ?? 'other',
    message: `${row.title}.${detail} Do not work around this.`,
    next: row.next,
  };
}

/** The record of a call that waits; `link` is the page where a reviewer decides. */
export function pendingRecord(request: HeldRequest, facts: Facts, link: string): HoldRecord {
  return {
    callId: request.callId,
    code: 'approval-pending',
    decision: 'pending',
    state: request.status === 'approved' ? 'approved' : 'pending',
    requestId: request.id,
    expiresAt: request.expiresAt.toISOString(),
    pollAfterMs: POLL_AFTER_MS,
    tier: facts.tier ?? 'high',
    actionClass: facts.actionClass ?? 'other',
    message: `Nothing has run yet: a human reviewer must decide at ${link}. Do not work around this.`,
    next: 'Call the same tool again with identical arguments: the call attaches to this request and runs once it is approved.',
  };
}

function stateOf(code: ProblemCode): string {
  switch (code) {
    case 'killed':
      return 'killed';
    case 'approval-withdrawn':
      return 'withdrawn';
    case 'unknown-outcome':
      return 'unknown-outcome';
    case 'upstream-failed':
    case 'upstream-timeout':
      return 'failed';
    default:
      return 'denied';
  }
}
