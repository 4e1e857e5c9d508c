// Server-only. Step 8: what the policy says, and what of it is only observed.
import { decide, type PolicyVerdict } from '#lib/core/policies/decide.ts';
import type { PolicyCall } from '#lib/core/policies/rule.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** A hold or a denial that observe let pass: recorded with the call, under the scope that was in observe. */
export type Waived = { readonly decision: 'hold' | 'deny'; readonly scope: string };

export type Judged = PolicyVerdict & { readonly waived: Waived | null };

/** A call as the door judges it: with everything a rule may ask for, and the database's time. */
export type JudgedCall = PolicyCall & { readonly nowMs: number; readonly origin?: string | undefined };

/** What of the snapshot a policy's verdict depends on. */
export type PolicySnapshot = Pick<Snapshot, 'rules' | 'rulesWithoutDenials' | 'defaults' | 'observe'>;

/**
 * Decides a call by the snapshot, then lets pass what a running observe window covers.
 *
 * A window over `control:policies` lifts denials only: what the policy without its deny rules would hold is still held,
 * unless approvals are in observe too. Kill switch, identity, egress, pins and the log are asked elsewhere and never observed.
 */
export function judgePolicy(snapshot: PolicySnapshot, call: JudgedCall): Judged {
  const { defaults } = snapshot;
  const verdict = decide({ rules: snapshot.rules, call, defaults });
  const server = observing(snapshot, call, [`server:${call.server}`]);
  switch (verdict.decision) {
    case 'allow':
      return { ...verdict, waived: waivedByRule(verdict) };
    case 'hold': {
      const scope = server ?? observing(snapshot, call, ['control:approvals']);
      if (scope === null) return { ...verdict, waived: waivedByRule(verdict) };
      return { ...verdict, decision: 'allow', waived: waivedByRule(verdict) ?? { decision: 'hold', scope } };
    }
    case 'deny': {
      if (server !== null) return { ...verdict, decision: 'allow', waived: { decision: 'deny', scope: server } };
      const scope = observing(snapshot, call, ['control:policies']);
      if (scope === null || snapshot.rulesWithoutDenials === null) return { ...verdict, waived: null };
      const rest = decide({ rules: snapshot.rulesWithoutDenials, call, defaults });
      const isHeld = rest.decision === 'hold' && observing(snapshot, call, ['control:approvals']) === null;
      return { ...rest, decision: isHeld ? 'hold' : 'allow', waived: { decision: 'deny', scope } };
    }
  }
}

/** Which of the scopes is in observe at the call's time, if any. */
export function observing(
  snapshot: Pick<Snapshot, 'observe'>,
  call: Pick<JudgedCall, 'nowMs'>,
  scopes: readonly string[],
): string | null {
  if (snapshot.observe.length === 0) return null;
  return snapshot.observe.find((one) => scopes.includes(one.scope) && call.nowMs < one.endsAtMs)?.scope ?? null;
}

/** A rule in observe that asked for more than what happened. */
function waivedByRule({ decision, observed }: PolicyVerdict): Waived | null {
  if (observed === null || observed.decision === 'allow' || observed.decision === decision) return null;
  // What would be freed by a rule in observe is not something that passed.
  if (decision === 'deny') return null;
  return { decision: observed.decision, scope: `rule:${observed.rule}` };
}
