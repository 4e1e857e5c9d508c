// Server-only. What the log says about a call: the same facts, whichever step speaks.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import type { AuditEventType } from '#lib/core/audit/event-types.ts';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { AuditEventInput } from '../audit/record-event.ts';
import type { CallOutcome } from './attempt.ts';

/** What is known of a call when an event about it is written; optional until a step has found it out. */
export type CallFacts = {
  readonly callId: string;
  readonly principal: AgentPrincipal;
  readonly sessionKey: string;
  readonly server: string;
  readonly tool: string;
  readonly tier?: Tier | undefined;
  readonly actionClass?: ActionClass | undefined;
  readonly digest?: string | undefined;
  readonly requestId?: string | null | undefined;
  readonly rule?: string | undefined;
  readonly policyVersion?: number | undefined;
  readonly killEpoch?: bigint | undefined;
};

type More = {
  readonly decision?: string;
  readonly code?: ProblemCode;
  readonly payload?: string;
  readonly result?: NonNullable<AuditEventInput['result']>;
  readonly detail?: NonNullable<AuditEventInput['detail']>;
  readonly quorum?: NonNullable<AuditEventInput['quorum']>;
};

/** An event whose actor is the agent. */
export function agentEvent(type: AuditEventType, facts: CallFacts, more: More = {}): AuditEventInput {
  const { principal } = facts;
  return { ...commonFacts(type, facts, more), actor: { type: 'agent', id: principal.id, name: principal.name } };
}

/** An event that the gateway itself caused: an expiry it noticed, a kill it carried out. */
export function systemEvent(type: AuditEventType, facts: CallFacts, more: More = {}): AuditEventInput {
  return { ...commonFacts(type, facts, more), actor: { type: 'system', id: 'gateway', name: 'gateway' } };
}

/** How a forwarded call ended, as an event. */
export function outcomeEvent(facts: CallFacts, outcome: CallOutcome): AuditEventInput {
  return systemEvent('call.outcome', facts, {
    ...(outcome.code === undefined ? {} : { code: outcome.code }),
    result: { status: outcome.status, latencyMs: outcome.latencyMs, bytes: outcome.bytes },
    ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
  });
}

function commonFacts(type: AuditEventType, facts: CallFacts, more: More): Omit<AuditEventInput, 'actor'> {
  return {
    type,
    session: facts.sessionKey,
    agent: facts.principal.name,
    server: facts.server,
    tool: facts.tool,
    callId: facts.callId,
    ...(facts.requestId == null ? {} : { requestId: facts.requestId }),
    ...(facts.tier === undefined ? {} : { tier: facts.tier }),
    ...(facts.actionClass === undefined ? {} : { actionClass: facts.actionClass }),
    ...(facts.digest === undefined ? {} : { digest: facts.digest }),
    ...(facts.rule === undefined ? {} : { rule: facts.rule }),
    ...(facts.policyVersion === undefined ? {} : { policyVersion: facts.policyVersion }),
    ...(facts.killEpoch === undefined ? {} : { killEpoch: facts.killEpoch.toString() }),
    ...more,
  };
}
