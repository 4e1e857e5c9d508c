// Server-only. One call of an MCP client, whatever its method and era: through the door, and then to the upstream.
import { randomUUIDv7 } from 'node:crypto';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { AbortReason, StepRefusal } from '../calls/attempt.ts';
import { agentEvent } from '../calls/call-events.ts';
import type { Door } from '../calls/door.ts';
import { refusalRecord } from '../calls/hold-record.ts';
import type { Log } from '../log.ts';
import type { ClientAnswer } from './client-answer.ts';
import { forwardCall } from './forward-call.ts';
import type { RpcId } from './json-rpc.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { LogThreshold } from './log-level.ts';
import type { AskedCall } from './read-call.ts';
import type { Speech } from './speech.ts';
import type { Upstreams } from './upstreams.ts';

export type RunParts = {
  readonly door: Door;
  readonly upstreams: Upstreams;
  readonly keepAlive: KeepAlive;
  /** Ends every wait with the pending record when the process drains. */
  readonly waiting: Set<() => void>;
  readonly log: Log;
};

export type CallRun = {
  readonly principal: AgentPrincipal;
  readonly asked: AskedCall;
  readonly id: RpcId;
  readonly progressToken: RpcId | undefined;
  /** Whose upstream session to use. */
  readonly sessionKey: string;
  readonly answer: ClientAnswer;
  readonly speech: Speech;
  readonly logThreshold: LogThreshold;
  /** Until when this client can wait for people, on the clock of `performance.now()`. */
  readonly holdUntilMs: number;
  /** What it means when the client's connection closes: it left (2025 revisions), or it took the call back. */
  readonly whenGone: AbortReason;
  readonly onlyRequestId?: string;
  /** Hands out the way to take the call back; returns what to do when it is over. */
  readonly onCancellable?: (cancel: () => void) => () => void;
  /** Done between the decision and the first byte. */
  readonly onAuthorised?: () => Promise<void>;
};

/**
 * Runs one call to its answer. Assumes that the id is not in use in the session.
 *
 * A client that leaves detaches or takes back, by era. A cancel withdraws what is held and is passed on for what runs.
 */
export async function runCall(parts: RunParts, run: CallRun): Promise<void> {
  const { door, upstreams, keepAlive } = parts;
  const { principal, asked, id, answer, speech, progressToken } = run;
  const ending = lazyAbort();
  let stopKeepAlive: (() => void) | null = null;
  let cancelForwarded: (() => void) | null = null;

  const drain = () => ending.abort('detached');
  const takeBack = () => {
    ending.abort('withdrawn');
    cancelForwarded?.();
  };
  parts.waiting.add(drain);
  answer.onDetached(run.whenGone === 'withdrawn' ? takeBack : drain);
  const forget = run.onCancellable?.(takeBack);
  try {
    const enforced = await door.enforceCall({
      principal,
      server: asked.server,
      tool: asked.tool,
      args: asked.args,
      replaces: asked.replaces,
      via: 'mcp',
      transportSession: run.sessionKey,
      get signal() {
        return ending.signal();
      },
      holdUntilMs: run.holdUntilMs,
      ...(run.onlyRequestId === undefined ? {} : { onlyRequestId: run.onlyRequestId }),
      onHeld: () => {
        if (run.holdUntilMs > performance.now()) stopKeepAlive = keepAlive.start(answer, progressToken);
      },
    });
    stopWaiting(stopKeepAlive);
    switch (enforced.kind) {
      case 'refused':
        answer.finish(speech.refusal(id, enforced.record));
        return;
      case 'pending':
        answer.finish(await speech.pending(id, enforced.record));
        return;
      case 'authorised':
    }
    await run.onAuthorised?.();
    const upstream = upstreams.of(enforced.call.target.server);
    // The door has refused external servers already; this keeps the types honest.
    if (upstream === null) throw new Error('An authorised call has no upstream.');
    const forwarding = forwardCall(door, upstream, enforced.call, {
      id,
      progressToken,
      sessionKey: run.sessionKey,
      answer,
      speech,
      logThreshold: run.logThreshold,
      isCancelled: ending.isWithdrawn,
    });
    cancelForwarded = forwarding.cancel;
    await forwarding.done;
  } finally {
    parts.waiting.delete(drain);
    stopWaiting(stopKeepAlive);
    forget?.();
  }
}

/** An abort signal that is made when somebody asks for it: a call that is not held never does. */
function lazyAbort() {
  let controller: AbortController | null = null;
  let reason: AbortReason | null = null;
  return {
    abort: (why: AbortReason) => {
      reason ??= why;
      controller?.abort(reason);
    },
    isWithdrawn: () => reason === 'withdrawn',
    signal: (): AbortSignal => {
      if (controller === null) {
        controller = new AbortController();
        if (reason !== null) controller.abort(reason);
      }
      return controller.signal;
    },
  };
}

function stopWaiting(stop: (() => void) | null): void {
  stop?.();
}

/** A call that does not even name a tool or carry arguments that can be read: refused and recorded like any other. */
export async function refuseUnread(
  door: Door,
  call: {
    readonly principal: AgentPrincipal;
    readonly server: string | null;
    readonly id: RpcId;
    readonly answer: ClientAnswer;
    readonly speech: Speech;
  },
  refusal: StepRefusal,
): Promise<void> {
  const callId = randomUUIDv7();
  const facts = {
    callId,
    principal: call.principal,
    sessionKey: `agent:${call.principal.id}`,
    server: call.server ?? '(unknown)',
    tool: '(unreadable)',
  };
  const row = buildInboxRow(agentEvent('call.refused', facts, { decision: 'deny', code: refusal.code }), door.keys);
  await door.audit.append(row).catch(() => undefined);
  call.answer.finish(call.speech.refusal(call.id, refusalRecord(refusal, { callId })));
}
