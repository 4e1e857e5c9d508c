// Server-only. Steps 9 and 10: wait for people, check everything again, consume the approval.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import { stricterTerms } from '#lib/core/approvals/terms.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { type Consumed, consumeRequest } from '../approvals/consume-request.ts';
import { codeOfState, type HeldRequest } from '../approvals/held-request.ts';
import { openRequest } from '../approvals/open-request.ts';
import { withdrawRequest } from '../approvals/withdraw-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { CallAttempt, StepRefusal, Target } from './attempt.ts';
import { agentEvent, type CallFacts } from './call-events.ts';
import { checkSession } from './check-session.ts';
import { checkSwitch } from './check-switch.ts';
import { digestOf } from './digest-of.ts';
import type { DoorParts } from './door-parts.ts';
import { pendingRecord } from './hold-record.ts';
import { type Judged, judgePolicy, type Waived } from './judge-policy.ts';
import { closeIfConsumed, closeUnexecuted } from './record-outcome.ts';
import { resolveTool } from './resolve-tool.ts';

export type HeldCall = {
  readonly callId: string;
  readonly sessionKey: string;
  readonly sessionName: string;
  readonly onBehalfOf: string | null;
  readonly target: Target;
  readonly policy: Judged;
  readonly snapshot: Snapshot;
  readonly tainted: boolean;
};

export type HoldVerdict =
  | { readonly kind: 'consumed'; readonly request: HeldRequest; readonly target: Target }
  | { readonly kind: 'pending'; readonly record: HoldRecord; readonly digest: string }
  | { readonly kind: 'refused'; readonly refusal: StepRefusal; readonly request: HeldRequest | null };

/** Of two identical calls on one approval the first consumes; the other asks anew, a bounded number of times. */
const MOST_ROUNDS = 3;
const MOST_EPOCH_RETRIES = 4;

/**
 * Holds a call until people have decided, the client's time is up, or the agent has left.
 *
 * The request outlives the attempt: when time is up or the socket closes it stays pending, and only an attempt that is
 * attached at that moment can consume its approval. A cancel takes the request back.
 */
export async function holdCall(parts: DoorParts, attempt: CallAttempt, call: HeldCall): Promise<HoldVerdict> {
  let told = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const opened = await openRequest(parts.pool, parts.keys, {
      callId: round === 0 ? call.callId : crypto.randomUUID(),
      principal: attempt.principal,
      target: call.target,
      args: attempt.args,
      session: attempt.session ?? null,
      sessionName: call.sessionName,
      onBehalfOf: call.onBehalfOf,
      via: attempt.via,
      rule: call.policy.rule,
      policyVersion: call.snapshot.policyVersion,
      terms: call.policy.terms,
      matched: call.policy.matched,
      tainted: call.tainted,
      reason: attempt.reason ?? null,
      onlyRequestId: attempt.onlyRequestId ?? null,
      replaces: round === 0 ? (attempt.replaces ?? null) : null,
    });
    if (opened.kind === 'refused') return { kind: 'refused', refusal: { code: opened.code }, request: opened.request };

    let { request } = opened;
    const pending = () => pendingVerdict(parts, call, request);
    if (request.status === 'pending') {
      if (!told) attempt.onHeld?.(pending().record);
      told = true;
      const end = await parts.holds.wait(request.id, killable(attempt, call), attempt.holdUntilMs, attempt.signal);
      switch (end.kind) {
        case 'time-up':
          return pending();
        case 'killed':
          return { kind: 'refused', refusal: { code: 'killed' }, request: null };
        case 'aborted':
          return endAborted(parts, attempt, call, request);
        case 'decided':
          request = end.request;
      }
    }
    if (request.status !== 'approved') {
      return { kind: 'refused', refusal: { code: codeOfState(request.status) }, request };
    }
    const consumed = await consumeWhenDue(parts, attempt, call, request);
    if (consumed.kind !== 'taken') return consumed;
    if (attempt.onlyRequestId !== undefined) {
      return { kind: 'refused', refusal: { code: 'already-decided' }, request };
    }
  }
  return { kind: 'refused', refusal: { code: 'conflict' }, request: null };
}

async function consumeWhenDue(
  parts: DoorParts,
  attempt: CallAttempt,
  call: HeldCall,
  request: HeldRequest,
): Promise<HoldVerdict | { readonly kind: 'taken' }> {
  let waitMs = request.executeInMs;
  for (let retry = 0; retry < MOST_EPOCH_RETRIES; retry++) {
    if (waitMs > 0) {
      const dueMs = performance.now() + waitMs;
      const untilMs = Math.min(dueMs, attempt.holdUntilMs);
      // A veto or a kill ends this wait too; the attempt to consume then says which it was.
      const end = await parts.holds.wait(request.id, killable(attempt, call), untilMs, attempt.signal, 'approved');
      if (end.kind === 'time-up' && untilMs < dueMs) return pendingVerdict(parts, call, request);
    }
    // Nobody attached = not executed: what was approved waits for the agent's next attempt.
    if (attempt.signal.aborted) return endAborted(parts, attempt, call, request);
    const fresh = recheck(parts, attempt, call, request);
    if ('refusal' in fresh) return { kind: 'refused', refusal: fresh.refusal, request };
    const turn = () => consumeOnce(parts, attempt, call, request, fresh);
    const consumed = await parts.consumptions.run(request.id, turn).catch((error: unknown) => {
      closeIfConsumed(parts, factsOf(attempt, call, request), request.id);
      throw error;
    });
    switch (consumed.kind) {
      case 'taken':
        return consumed;
      case 'refused':
        return { kind: 'refused', refusal: { code: consumed.code }, request: consumed.request };
      case 'too-early':
        waitMs = consumed.inMs;
        break;
      case 'epoch-moved':
        waitMs = 0;
        await parts.killSwitch.renew();
        break;
      case 'policy-moved':
        waitMs = 0;
        await parts.snapshots.reload();
        break;
      case 'consumed': {
        const facts = factsOf(attempt, call, request);
        const stopped =
          checkSwitch(parts.killSwitch, killable(attempt, call)) ??
          checkSession(parts.snapshots.current(), attempt.principal, call.sessionName);
        if (stopped !== null) {
          await closeUnexecuted(parts, facts, request.id, stopped.code);
          return { kind: 'refused', refusal: stopped, request: { ...request, status: 'failed' } };
        }
        if (attempt.signal.aborted) {
          await closeUnexecuted(parts, facts, request.id, 'approval-withdrawn');
          return {
            kind: 'refused',
            refusal: { code: 'approval-withdrawn' },
            request: { ...request, status: 'failed' },
          };
        }
        return { kind: 'consumed', request, target: fresh.target };
      }
    }
  }
  return { kind: 'refused', refusal: { code: 'conflict' }, request };
}

type Fresh = {
  readonly target: Target;
  /** The stricter of what was frozen and what policy asks for now, never the looser. */
  readonly terms: HoldTerms;
  readonly policyVersion: number;
  readonly waived: Waived | null;
};

/** Everything that may have changed while people were thinking, judged by the configuration as it is now. */
function recheck(
  parts: DoorParts,
  attempt: CallAttempt,
  call: HeldCall,
  request: HeldRequest,
): { readonly refusal: StepRefusal } | Fresh {
  const snapshot = parts.snapshots.current();
  if (!parts.snapshots.isFresh(performance.now())) return { refusal: { code: 'database-unavailable' } };
  const outside = checkSession(snapshot, attempt.principal, call.sessionName);
  if (outside !== null) return { refusal: outside };
  const resolved = resolveTool(snapshot, attempt, parts.killSwitch.databaseNowMs());
  if (!resolved.ok) return { refusal: resolved.error };
  const target = resolved.value;
  const facts = killable(attempt, { ...call, target });
  const stopped = checkSwitch(parts.killSwitch, facts);
  if (stopped !== null) return { refusal: stopped };
  const unreachable = parts.checkReach(snapshot, target.server);
  if (unreachable !== null) return { refusal: unreachable };
  const policy = judgePolicy(snapshot, {
    ...facts,
    args: attempt.args.value,
    session: call.sessionKey,
    tainted: parts.taints.has({ agentId: attempt.principal.id, sessionKey: call.sessionKey }),
    inspectable: inspectableOf(attempt.args.value),
    nowMs: parts.killSwitch.databaseNowMs(),
  });
  if (policy.decision === 'deny') return { refusal: { code: 'denied-by-policy' } };
  return {
    target,
    terms: stricterTerms(policy.terms, request.terms),
    policyVersion: snapshot.policyVersion,
    waived: policy.waived,
  };
}

function consumeOnce(
  parts: DoorParts,
  attempt: CallAttempt,
  call: HeldCall,
  request: HeldRequest,
  fresh: Fresh,
): Promise<Consumed> {
  const digest = digestOf({
    principal: attempt.principal,
    target: fresh.target,
    args: attempt.args,
    sessionKey: call.sessionKey,
    onBehalfOf: call.onBehalfOf,
    nonce: request.nonce,
  });
  const knownEpoch = parts.killSwitch.epoch();
  const { policyVersion, terms } = fresh;
  const facts: CallFacts = { ...factsOf(attempt, call, request), digest, killEpoch: knownEpoch, policyVersion };
  const waived = fresh.waived ?? call.policy.waived;
  const intent = agentEvent('call.intent', facts, {
    // A hold that people passed is an ordinary permission; a denial that was only observed is not.
    decision: waived?.decision === 'deny' ? 'observed-deny' : 'allow',
    payload: attempt.args.canonical,
    ...(waived?.decision === 'deny' ? { detail: { scope: waived.scope } } : {}),
  });
  return consumeRequest(parts.pool, {
    requestId: request.id,
    digest,
    knownEpoch,
    bootId: parts.bootId,
    tier: fresh.target.tier,
    terms,
    policyVersion,
    rows: [buildInboxRow(agentEvent('request.consumed', facts), parts.keys), buildInboxRow(intent, parts.keys)],
  });
}

/** A closed socket leaves the request to a later attempt; a cancel takes it back unless another attempt waits for it. */
async function endAborted(
  parts: DoorParts,
  attempt: CallAttempt,
  call: HeldCall,
  request: HeldRequest,
): Promise<HoldVerdict> {
  if (attempt.signal.reason !== 'withdrawn' || parts.holds.isWaiting(request.id)) {
    return pendingVerdict(parts, call, request);
  }
  const facts = factsOf(attempt, call, request);
  await withdrawRequest(parts.pool, {
    requestId: request.id,
    agentId: attempt.principal.id,
    withdrawn: buildInboxRow(agentEvent('request.withdrawn', facts), parts.keys),
    revoked: buildInboxRow(agentEvent('request.revoked', facts), parts.keys),
  });
  return { kind: 'refused', refusal: { code: 'approval-withdrawn' }, request: { ...request, status: 'withdrawn' } };
}

function pendingVerdict(parts: DoorParts, call: HeldCall, request: HeldRequest) {
  const { tier, actionClass } = call.target;
  const link = `${parts.consoleUrl}/approvals/${request.id}`;
  const record = pendingRecord(request, { callId: request.callId, tier, actionClass }, link);
  return { kind: 'pending' as const, record, digest: request.digest };
}

function killable(attempt: CallAttempt, call: HeldCall) {
  const { server, tool, tier, actionClass } = call.target;
  return { agent: attempt.principal.name, server: server.name, tool: tool.name, tier, actionClass };
}

function factsOf(attempt: CallAttempt, call: HeldCall, request: HeldRequest): CallFacts {
  return {
    callId: request.callId,
    principal: attempt.principal,
    sessionKey: call.sessionKey,
    server: call.target.server.name,
    tool: call.target.tool.name,
    tier: call.target.tier,
    actionClass: call.target.actionClass,
    digest: request.digest,
    requestId: request.id,
    rule: call.policy.rule,
    policyVersion: call.snapshot.policyVersion,
  };
}
