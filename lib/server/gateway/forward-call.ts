// Server-only. Step 13: the approved bytes go out, the answer comes back, and the record comes before the answer.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import type { Authorised, CallOutcome } from '../calls/attempt.ts';
import { type Door, killableOf } from '../calls/door.ts';
import { refusalRecord } from '../calls/hold-record.ts';
import { outcomeGoesFirst } from '../calls/record-outcome.ts';
import type { ClientAnswer } from './client-answer.ts';
import type { RpcId } from './json-rpc.ts';
import { type LogThreshold, passesLog } from './log-level.ts';
import type { Speech } from './speech.ts';
import type { Upstream } from './upstream.ts';

/** The request this call answers, and where its answer goes. */
export type Exchange = {
  readonly id: RpcId;
  readonly progressToken: RpcId | undefined;
  readonly sessionKey: string;
  readonly answer: ClientAnswer;
  readonly speech: Speech;
  readonly logThreshold: LogThreshold;
  /** Whether the agent has taken the call back. */
  readonly isCancelled: () => boolean;
};

export type Forwarding = {
  /** The agent cancelled: the upstream is told, and after a short while the call is cut. */
  cancel(): void;
  /** Resolves when the answer has been given and the outcome is on its way into the log. */
  readonly done: Promise<void>;
};

const UPSTREAM_LIMIT_MS = 10 * 60_000;
const CANCEL_GRACE_MS = 2_000;

/**
 * Sends an authorised call to its upstream. Takes nothing but an `Authorised`: there is no other way to an upstream.
 *
 * The kill switch and the lease are asked once more, synchronously, when the socket is ready to take the bytes, and so is
 * whether the agent still waits: opening a session with the upstream can take seconds, and what nobody waits for any more
 * or was taken back meanwhile is not sent. A kill that comes later cuts the call and withholds its result. For medium, high and held calls the outcome is durable before
 * the answer leaves; where it cannot be recorded, the agent hears "outcome unknown" and not the result.
 */
export function forwardCall(door: Door, upstream: Upstream, call: Authorised, exchange: Exchange): Forwarding {
  const { answer, id, speech } = exchange;
  const sentAtMs = performance.now();
  const done = Promise.withResolvers<void>();
  let over = false;
  let limit: NodeJS.Timeout | undefined;

  const end = () => {
    over = true;
    clearTimeout(limit);
    door.inFlight.remove(entry);
  };
  const outcomeOf = (status: CallOutcome['status'], bytes: number, code?: ProblemCode): CallOutcome => ({
    status,
    ...(code === undefined ? {} : { code }),
    latencyMs: performance.now() - sentAtMs,
    bytes,
  });
  const refuse = (code: ProblemCode, detail: string | undefined, status: CallOutcome['status']) => {
    end();
    const { tier, actionClass } = call.target;
    const record = refusalRecord({ code, detail }, { callId: call.callId, tier, actionClass });
    const told = { ...record, state: status, ...(call.requestId === null ? {} : { requestId: call.requestId }) };
    void door.recordOutcome(call, outcomeOf(status, 0, code)).then(() => {
      answer.finish(speech.refusal(id, told));
      done.resolve();
    });
  };
  const cutNow = (code: ProblemCode, reason: string) => {
    if (over) return;
    const written = running.isWritten();
    running.cut(reason);
    refuse(code, undefined, written ? 'unknown-outcome' : 'failed');
  };
  const entry = { call: killableOf(call), cut: () => cutNow('killed', 'stopped by the kill switch') };

  const isWanted = () => answer.isOpen() && !exchange.isCancelled();
  const running = upstream.call(
    {
      server: call.target.server,
      tool: call.target.tool.name,
      canonicalArgs: call.args.canonical,
      id,
      progressToken: exchange.progressToken,
      sessionKey: exchange.sessionKey,
    },
    {
      mayWrite: () => !over && isWanted() && door.mayDispatch(call),
      onNotification: (json, logLevel) => {
        if (!over && (logLevel === null || passesLog(logLevel, exchange.logThreshold))) answer.event(json);
      },
      onAnswer: (json, isFailure) => {
        if (over) return;
        end();
        const outcome = outcomeOf(isFailure ? 'failed' : 'succeeded', json.length);
        const recorded = door.recordOutcome(call, outcome);
        if (!outcomeGoesFirst(call)) {
          answer.finish(speech.answer(json));
          done.resolve();
          return;
        }
        void recorded.then((isRecorded) => {
          answer.finish(isRecorded ? speech.answer(json) : withheld(call, id, speech));
          done.resolve();
        });
      },
      onFailure: (failure) => {
        if (over) return;
        const code = failure.code === 'killed' && !isWanted() ? 'approval-withdrawn' : failure.code;
        refuse(code, failure.detail, failure.written ? 'unknown-outcome' : 'failed');
      },
    },
  );
  if (!over) {
    door.inFlight.add(entry);
    limit = setTimeout(() => cutNow('upstream-timeout', 'the gateway waited long enough'), UPSTREAM_LIMIT_MS);
    limit.unref();
  }
  return {
    cancel: () => {
      if (over) return;
      if (!running.isWritten()) {
        cutNow('approval-withdrawn', 'the agent cancelled the call');
        return;
      }
      running.notifyCancelled('the agent cancelled the call');
      setTimeout(() => cutNow('unknown-outcome', 'the agent cancelled the call'), CANCEL_GRACE_MS).unref();
    },
    done: done.promise,
  };
}

/** The upstream has answered, but the log could not take it: the agent must not learn what nobody can prove. */
function withheld(call: Authorised, id: RpcId, speech: Speech): string {
  const { tier, actionClass } = call.target;
  const record = refusalRecord({ code: 'unknown-outcome' }, { callId: call.callId, tier, actionClass });
  return speech.refusal(id, call.requestId === null ? record : { ...record, requestId: call.requestId });
}
