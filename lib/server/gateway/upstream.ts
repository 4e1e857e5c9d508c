// Server-only. What every way to an upstream offers, whatever its transport.
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { isProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import type { SnapshotServer } from '../snapshot/snapshot.ts';
import type { RpcId } from './json-rpc.ts';

/** One call on its way. `canonicalArgs` are exactly the bytes that were approved. */
export type UpstreamCall = {
  readonly server: SnapshotServer;
  readonly tool: string;
  readonly canonicalArgs: string;
  readonly id: RpcId;
  readonly progressToken: RpcId | undefined;
  /** Whose upstream session to use: the gateway session, or the agent where there is none. */
  readonly sessionKey: string;
};

/** How far a failed call got: `written` means that the upstream may have acted. */
export type UpstreamFailure = {
  readonly code: Extract<
    ProblemCode,
    'upstream-failed' | 'upstream-timeout' | 'egress-denied' | 'killed' | 'credential-unavailable' | 'credential-ended'
  >;
  readonly written: boolean;
  readonly detail: string;
};

/** What the caller hears. Exactly one of `onAnswer` and `onFailure` is called, once; nothing after `cancel`. */
export type UpstreamSink = {
  /** Asked synchronously right before bytes are written; false stops the call with nothing sent. */
  mayWrite(): boolean;
  /** `logLevel` is the level of a notifications/message, null for any other notification. */
  onNotification(json: string, logLevel: string | null): void;
  /** The final message, with our id; `isFailure` when it is an error or a tool result with `isError`. */
  onAnswer(json: string, isFailure: boolean): void;
  onFailure(failure: UpstreamFailure): void;
};

export type RunningCall = {
  /** Tells the upstream that nobody wants the answer any more (MCP notifications/cancelled); the answer may still come. */
  notifyCancelled(reason: string): void;
  /** Cuts the call: tells the upstream, and reports nothing more. */
  cut(reason: string): void;
  /** Whether bytes have been handed to the upstream. */
  isWritten(): boolean;
};

export type Upstream = {
  call(call: UpstreamCall, sink: UpstreamSink): RunningCall;
  /** The gateway session has ended. */
  endSession(sessionKey: string): void;
  close(): Promise<void>;
};

/**
 * The request as we write it: id, method, the approved bytes, and at most a progress token. A tool named like a method of
 * the protocol is that method, and its arguments are the params.
 */
export function requestText(
  call: Pick<UpstreamCall, 'tool' | 'canonicalArgs'>,
  id: RpcId,
  progressToken: RpcId | undefined,
): string {
  const meta = progressToken === undefined ? '' : `"_meta":{"progressToken":${JSON.stringify(progressToken)}}`;
  const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"method":`;
  const { tool, canonicalArgs } = call;
  if (!isProtocolMethod(tool)) {
    const tail = meta === '' ? '' : `,${meta}`;
    return `${head}"tools/call","params":{"name":${JSON.stringify(tool)},"arguments":${canonicalArgs}${tail}}}`;
  }
  const between = meta === '' || canonicalArgs === '{}' ? '' : ',';
  return `${head}"${tool}","params":${canonicalArgs.slice(0, -1)}${between}${meta}}}`;
}
