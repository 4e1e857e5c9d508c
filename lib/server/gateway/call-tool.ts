// Server-only. tools/call of an MCP client: through the door, and then to the upstream.
import { randomUUIDv7 } from 'node:crypto';
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { type JsonObject, ownValue } from '#lib/core/json/value.ts';
import { splitQualified } from '#lib/core/servers/names.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { AbortReason, StepRefusal } from '../calls/attempt.ts';
import { agentEvent } from '../calls/call-events.ts';
import type { Door } from '../calls/door.ts';
import { holdLimitMs } from '../calls/hold-limit.ts';
import { refusalRecord } from '../calls/hold-record.ts';
import { readArguments } from '../calls/read-arguments.ts';
import type { ClientAnswer } from './client-answer.ts';
import { forwardCall } from './forward-call.ts';
import { idKey, progressTokenOf, type RpcId } from './json-rpc.ts';
import type { KeepAlive } from './keep-alive.ts';
import type { McpSession } from './mcp-sessions.ts';
import { refusalMessage } from './tool-result.ts';
import type { Upstreams } from './upstreams.ts';

export type ToolCall = {
  readonly principal: AgentPrincipal;
  /** The server in the path, or null on the aggregate, where the tool's name carries it. */
  readonly server: string | null;
  readonly id: RpcId;
  readonly params: JsonObject;
  readonly session: McpSession | null;
  readonly answer: ClientAnswer;
};

type Parts = {
  readonly door: Door;
  readonly upstreams: Upstreams;
  readonly keepAlive: KeepAlive;
  /** Ends every wait with the pending record when the process drains. */
  readonly waiting: Set<() => void>;
};

/**
 * Runs one tools/call to its answer. Assumes that the id is not in use in the session.
 *
 * A closed socket detaches: a held request stays, a running call is finished and recorded. A cancel withdraws what is
 * held and is passed on for what runs. Every refusal is a tool result with `isError`.
 */
export async function callTool(parts: Parts, call: ToolCall): Promise<void> {
  const { door, upstreams, keepAlive } = parts;
  const { principal, session, id, answer } = call;
  const named = nameOf(call);
  const read = readArguments(ownValue(call.params, 'arguments'));
  if (named === null || !read.ok) {
    const refusal: StepRefusal = named === null ? { code: 'unknown-tool' } : refusalOf(read);
    await refuseUnread(door, call, refusal);
    return;
  }
  const ending = lazyAbort();
  const progressToken = progressTokenOf(call.params);
  const startedAtMs = performance.now();
  let stopKeepAlive: (() => void) | null = null;
  let cancelForwarded: (() => void) | null = null;

  const detach = () => ending.abort('detached');

  parts.waiting.add(detach);
  answer.onDetached(detach);
  session?.calls.set(idKey(id), () => {
    ending.abort('withdrawn');
    cancelForwarded?.();
  });
  try {
    const enforced = await door.enforceCall({
      principal,
      server: named.server,
      tool: named.tool,
      args: read.value,
      via: 'mcp',
      get signal() {
        return ending.signal();
      },
      holdUntilMs:
        startedAtMs +
        holdLimitMs({
          profile: principal.client,
          requestTimeoutMs: principal.requestTimeoutMs,
          hasProgressToken: progressToken !== undefined,
        }),
      onHeld: () => {
        stopKeepAlive = keepAlive.start(answer, progressToken);
      },
    });
    stopWaiting(stopKeepAlive);
    if (enforced.kind !== 'authorised') {
      answer.finish(refusalMessage(id, enforced.record));
      return;
    }
    const upstream = upstreams.of(enforced.call.target.server);
    // The door has refused external servers already; this keeps the types honest.
    if (upstream === null) throw new Error('An authorised call has no upstream.');
    const sessionKey = session === null ? `agent:${principal.id}` : session.id;
    const forwarding = forwardCall(door, upstream, enforced.call, {
      id,
      progressToken,
      sessionKey,
      answer,
      isCancelled: ending.isWithdrawn,
    });
    cancelForwarded = forwarding.cancel;
    await forwarding.done;
  } finally {
    parts.waiting.delete(detach);
    stopWaiting(stopKeepAlive);
    session?.calls.delete(idKey(id));
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

function nameOf(call: ToolCall): { readonly server: string; readonly tool: string } | null {
  const name = ownValue(call.params, 'name');
  if (typeof name !== 'string' || name.length > 200) return null;
  return call.server === null ? splitQualified(name) : { server: call.server, tool: name };
}

function refusalOf(read: ReturnType<typeof readArguments>): StepRefusal {
  return read.ok ? { code: 'internal' } : read.error;
}

/** A call that does not even name a tool or carry arguments that can be read: refused and recorded like any other. */
async function refuseUnread(door: Door, call: ToolCall, refusal: StepRefusal): Promise<void> {
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
  call.answer.finish(refusalMessage(call.id, refusalRecord(refusal, { callId })));
}
