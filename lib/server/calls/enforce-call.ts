// Server-only. The door. Every call of every agent, whatever way it came, passes here or does not run.
import { randomUUIDv7 } from 'node:crypto';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { brand } from '#lib/core/brand.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { HeldRequest } from '../approvals/held-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { Authorised, AuthorisedCall, CallAttempt, Enforced, StepRefusal, Target } from './attempt.ts';
import { AuditUnavailable } from './audit-writer.ts';
import { agentEvent, type CallFacts } from './call-events.ts';
import { checkSwitch } from './check-switch.ts';
import { digestOf } from './digest-of.ts';
import type { DoorParts } from './door-parts.ts';
import { holdCall } from './hold-call.ts';
import { refusalRecord } from './hold-record.ts';
import { recordRefusal } from './record-refusal.ts';
import { resolveTool } from './resolve-tool.ts';

/**
 * Walks a call through every step and says whether it may run now.
 *
 * Assumes a principal from `identify` and arguments from `readArguments`. It is the only place that makes an
 * `Authorised`, and only once the intent is durable and the lease holds. Whatever throws on the way is a denial; a refusal
 * is recorded before it is answered.
 */
export async function enforceCall(parts: DoorParts, attempt: CallAttempt): Promise<Enforced> {
  const startedAtMs = performance.now();
  const { principal } = attempt;
  const callId = attempt.callId ?? randomUUIDv7();
  const sessionKey = attempt.session ?? `agent:${principal.id}`;
  const onBehalfOf = attempt.onBehalfOf ?? null;
  let target: Target | null = null;
  let digest = '';

  const factsNow = (): CallFacts => ({
    callId,
    principal,
    sessionKey,
    server: attempt.server,
    tool: attempt.tool,
    ...(target === null ? {} : { tier: target.tier, actionClass: target.actionClass, digest }),
  });
  const refuse = async (refusal: StepRefusal, request: HeldRequest | null = null): Promise<Enforced> => {
    const facts = { ...factsNow(), ...(request === null ? {} : { callId: request.callId, requestId: request.id }) };
    await recordRefusal(parts, facts, refusal);
    return {
      kind: 'refused',
      record: refusalRecord(refusal, { ...facts, request }),
      digest: request?.digest ?? digest,
    };
  };

  try {
    const snapshot = parts.snapshots.current();
    if (!parts.snapshots.isFresh(startedAtMs)) return await refuse({ code: 'database-unavailable' });
    parts.agentSeen(principal.id);

    const resolved = resolveTool(snapshot, attempt);
    if (!resolved.ok) return await refuse(resolved.error);
    target = resolved.value;
    const call = {
      agent: principal.name,
      server: target.server.name,
      tool: target.tool.name,
      tier: target.tier,
      actionClass: target.actionClass,
    };
    digest = digestOf({ principal, target, args: attempt.args, sessionKey, onBehalfOf, nonce: callId });

    const stopped = checkSwitch(parts.killSwitch, call);
    if (stopped !== null) return await refuse(stopped);
    const unreachable = parts.checkReach(snapshot, target.server);
    if (unreachable !== null) return await refuse(unreachable);
    const misfit = parts.validateArguments(target.tool, attempt.args.value);
    if (misfit !== null) return await refuse(misfit);

    const policy = decide({ rules: snapshot.rules, call });
    if (policy.decision === 'deny') return await refuse({ code: 'denied-by-policy' });

    const authorise = (held: { readonly request: HeldRequest; readonly target: Target } | null): Authorised =>
      brand<'authorised', AuthorisedCall>({
        callId: held?.request.callId ?? callId,
        principal,
        target: held?.target ?? resolved.value,
        args: attempt.args,
        sessionKey,
        onBehalfOf,
        digest: held?.request.digest ?? digest,
        requestId: held?.request.id ?? null,
        rule: policy.rule,
        policyVersion: snapshot.policyVersion,
        killEpoch: parts.killSwitch.epoch(),
        startedAtMs,
      });

    // A poll of a call on record stays a hold, also when the policy has been loosened meanwhile.
    if (policy.decision === 'hold' || attempt.onlyRequestId !== undefined) {
      const held = await holdCall(parts, attempt, { callId, sessionKey, onBehalfOf, target, policy, snapshot });
      switch (held.kind) {
        case 'consumed':
          return { kind: 'authorised', call: authorise(held) };
        case 'pending':
          return { kind: 'pending', record: held.record, digest: held.digest };
        case 'refused':
          return await refuse(held.refusal, held.request);
      }
    }

    const intent = agentEvent(
      'call.intent',
      { ...factsNow(), rule: policy.rule, policyVersion: snapshot.policyVersion, killEpoch: parts.killSwitch.epoch() },
      { decision: 'allow', payload: attempt.args.canonical },
    );
    await parts.audit.append(buildInboxRow(intent, parts.keys));
    const stoppedLate = checkSwitch(parts.killSwitch, call);
    if (stoppedLate !== null) return await refuse(stoppedLate);
    return { kind: 'authorised', call: authorise(null) };
  } catch (error) {
    const code = codeOfFailure(error);
    parts.log.error({ err: error, callId, code }, 'a call was denied because a step failed');
    return { kind: 'refused', record: refusalRecord({ code }, factsNow()), digest };
  }
}

/** Which refusal an exception is. The only expected one is a database that is away; all else is a bug of ours. */
function codeOfFailure(error: unknown): ProblemCode {
  if (error instanceof AuditUnavailable) return 'audit-unavailable';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return /^(?:08|53|57P|E[A-Z]+$|25006)/.test(error.code) ? 'database-unavailable' : 'internal';
  }
  return 'internal';
}
