// Server-only. The door. Every call of every agent, whatever way it came, passes here or does not run.
import { randomUUIDv7 } from 'node:crypto';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { brand } from '#lib/core/brand.ts';
import type { HeldRequest } from '../approvals/held-request.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import { inspectableOf } from '../inspect/inspectable.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Authorised, AuthorisedCall, CallAttempt, Enforced, StepRefusal, Target } from './attempt.ts';
import { AuditUnavailable } from './audit-writer.ts';
import { agentEvent, type CallFacts } from './call-events.ts';
import { checkSession } from './check-session.ts';
import { checkSwitch } from './check-switch.ts';
import { digestOf } from './digest-of.ts';
import type { DoorParts } from './door-parts.ts';
import { recordLeak, withoutSecrets } from './find-leak.ts';
import { holdCall } from './hold-call.ts';
import { refusalRecord } from './hold-record.ts';
import { type Judged, type JudgedCall, judgePolicy, observing, type Waived } from './judge-policy.ts';
import { closeUnexecuted } from './record-outcome.ts';
import { recordRefusal } from './record-refusal.ts';
import { taintFirst } from './record-taint.ts';
import { resolveTool } from './resolve-tool.ts';
import { tryGrants } from './try-grants.ts';

/**
 * Walks a call through every step and says whether it may run now.
 *
 * Assumes a principal from `identify` and arguments from `readArguments`. It is the only place that makes an
 * `Authorised`, and only once the intent is durable and the lease holds. Whatever throws on the way is a denial; a refusal
 * is recorded before it is answered.
 */
export async function enforceCall(parts: DoorParts, asked: CallAttempt): Promise<Enforced> {
  const startedAtMs = performance.now();
  const { leak, attempt } = withoutSecrets(parts.knownSecrets, asked);
  const { principal } = attempt;
  const callId = attempt.callId ?? randomUUIDv7();
  const sessionKey = attempt.session ?? `agent:${principal.id}`;
  const sessionName = attempt.transportSession ?? sessionKey;
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
    for (let round = 0; round < MOST_POLICY_ROUNDS; round++) {
      const enforced = await walk();
      if (enforced !== 'policy-moved') return enforced;
      await parts.snapshots.reload();
    }
    return await refuse({ code: 'conflict' });
  } catch (error) {
    const code = codeOfFailure(error);
    parts.log.error({ err: error, callId, code }, 'a call was denied because a step failed');
    return { kind: 'refused', record: refusalRecord({ code }, factsNow()), digest };
  }

  async function walk(): Promise<Enforced | 'policy-moved'> {
    const snapshot = parts.snapshots.current();
    if (!parts.snapshots.isFresh(performance.now())) return refuse({ code: 'database-unavailable' });
    if (principal.stdioServer === undefined) parts.agentSeen(principal.id);
    parts.knownSecrets?.at(snapshot.version);
    if (leak !== null) {
      recordLeak(parts, factsNow(), leak);
      return refuse({ code: 'credential-in-call' });
    }

    const outside = checkSession(snapshot, principal, sessionName);
    if (outside !== null) return refuse(outside);
    const resolved = resolveTool(snapshot, attempt, parts.killSwitch.databaseNowMs());
    if (!resolved.ok) return refuse(resolved.error);
    target = resolved.value;
    const { server, tool, tier, actionClass } = target;
    const session = { agentId: principal.id, sessionKey };
    const tainted = parts.taints.has(session);
    const call: JudgedCall = {
      agent: principal.name,
      server: server.name,
      tool: tool.name,
      tier,
      actionClass,
      args: attempt.args.value,
      session: sessionKey,
      tainted,
      inspectable: inspectableOf(attempt.args.value),
      nowMs: parts.killSwitch.databaseNowMs(),
      origin: principal.stdioServer?.name,
    };
    digest = digestOf({ principal, target, args: attempt.args, sessionKey, onBehalfOf, nonce: callId });

    const stopped = checkSwitch(parts.killSwitch, call);
    if (stopped !== null) return refuse(stopped);
    const unreachable = parts.checkReach(snapshot, server);
    if (unreachable !== null) return refuse(unreachable);
    const fit = checkArguments(parts, snapshot, target, call);
    if (fit.refusal !== null) return refuse(fit.refusal);

    const judged = judgePolicy(snapshot, call);
    if (judged.decision === 'deny') return refuse({ code: 'denied-by-policy' });
    if (judged.decision === 'hold' && principal.stdioServer !== undefined) {
      // A hold belongs to an agent and its owner; for a server's own process nobody could decide.
      return refuse({ code: 'denied-by-policy', detail: 'People are not asked for a server that connects by itself.' });
    }
    const policy: Judged = { ...judged, waived: fit.waived ?? judged.waived };

    const authorise = (
      by: { readonly request: HeldRequest; readonly target: Target } | { readonly grantId: string } | null,
    ): Authorised => {
      const held = by !== null && 'request' in by ? by : null;
      return brand<'authorised', AuthorisedCall>({
        callId: held?.request.callId ?? callId,
        principal,
        target: held?.target ?? resolved.value,
        args: attempt.args,
        sessionKey,
        sessionName,
        onBehalfOf,
        digest: held?.request.digest ?? digest,
        requestId: held?.request.id ?? null,
        grantId: by !== null && 'grantId' in by ? by.grantId : null,
        rule: policy.rule,
        policyVersion: snapshot.policyVersion,
        killEpoch: parts.killSwitch.epoch(),
        startedAtMs,
      });
    };
    const facts: CallFacts = { ...factsNow(), rule: policy.rule, policyVersion: snapshot.policyVersion };

    // A poll of a call on record stays a hold, also when the policy has been loosened or a grant given meanwhile.
    if (policy.decision === 'hold' || attempt.onlyRequestId !== undefined) {
      const { policyVersion } = snapshot;
      const granted =
        attempt.onlyRequestId === undefined && parts.grants.of(principal.id).length > 0
          ? await tryGrants(parts, attempt, { call, target, policy, policyVersion, facts })
          : NOT_GRANTED;
      if (granted.kind === 'policy-moved') return 'policy-moved';
      if (granted.kind === 'granted') return authoriseNow(call, () => authorise(granted));

      const held = await holdCall(parts, attempt, {
        callId,
        sessionKey,
        sessionName,
        onBehalfOf,
        target,
        policy,
        snapshot,
        tainted,
      });
      switch (held.kind) {
        case 'consumed':
          return release(authorise(held), held.request);
        case 'pending':
          return { kind: 'pending', record: held.record, digest: held.digest };
        case 'refused':
          return refuse(held.refusal, held.request);
      }
    }

    const { waived } = policy;
    const intent = agentEvent(
      'call.intent',
      { ...facts, killEpoch: parts.killSwitch.epoch() },
      {
        decision: waived === null ? 'allow' : `observed-${waived.decision}`,
        payload: attempt.args.canonical,
        ...(waived === null ? {} : { detail: { scope: waived.scope } }),
      },
    );
    await parts.audit.append(buildInboxRow(intent, parts.keys));
    return authoriseNow(call, () => authorise(null));
  }

  /** The intent is durable; the switch is asked once more before anybody may act on it. */
  async function authoriseNow(call: JudgedCall, authorise: () => Authorised): Promise<Enforced> {
    const stopped = checkSwitch(parts.killSwitch, call);
    if (stopped !== null) return refuse(stopped);
    return release(authorise());
  }

  async function release(call: Authorised, request: HeldRequest | null = null): Promise<Enforced> {
    if (principal.stdioServer !== undefined || (await taintFirst(parts, call))) return { kind: 'authorised', call };
    const code = 'audit-unavailable';
    if (request === null) return refuse({ code });
    const facts = { ...factsNow(), callId: request.callId, requestId: request.id, digest: request.digest };
    await closeUnexecuted(parts, facts, request.id, code);
    return refuse({ code }, { ...request, status: 'failed' });
  }
}

const MOST_POLICY_ROUNDS = 3;
const NOT_GRANTED = { kind: 'none' } as const;

/** Step 7: do the arguments fit, or is it only observed that they do not. */
function checkArguments(
  parts: DoorParts,
  snapshot: Snapshot,
  target: Target,
  call: JudgedCall,
): { readonly refusal: StepRefusal | null; readonly waived: Waived | null } {
  const misfit = parts.validateArguments(target.tool, call.args ?? {});
  if (misfit === null) return { refusal: null, waived: null };
  const scope = observing(snapshot, call, ['control:arguments', `server:${call.server}`]);
  return scope === null ? { refusal: misfit, waived: null } : { refusal: null, waived: { decision: 'deny', scope } };
}

/** Which refusal an exception is. The only expected one is a database that is away; all else is a bug of ours. */
function codeOfFailure(error: unknown): ProblemCode {
  if (error instanceof AuditUnavailable) return 'audit-unavailable';
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return /^(?:08|53|57P|E[A-Z]+$|25006)/.test(error.code) ? 'database-unavailable' : 'internal';
  }
  return 'internal';
}
