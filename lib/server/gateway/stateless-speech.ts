// Server-only. The same outcomes in the words of the 2026-07-28 revision: every result names its type.
import type { HoldRecord } from '#lib/contracts/calls.ts';
import type { JsonValue } from '#lib/core/json/value.ts';
import { isProtocolMethod } from '#lib/core/servers/protocol-methods.ts';
import { type RpcId, resultMessage } from './json-rpc.ts';
import { METHOD_SPEECH, type Speech, TOOL_SPEECH } from './speech.ts';

/** What an agent may see is its own affair: no shared cache may keep it, and not for long. */
export const PRIVATE_HINTS = { ttlMs: 0, cacheScope: 'private' } as const;
const CACHEABLE = new Set(['resources/list', 'resources/templates/list', 'resources/read', 'prompts/list']);

/** A result with its type; `hints` for those that a client may cache. */
export function completeResult(id: RpcId, result: Readonly<Record<string, JsonValue>>): string {
  return resultMessage(id, JSON.stringify({ ...result, resultType: 'complete' }));
}

/** Speaks for a method; `pending` is what happens to a call that waits. */
export function statelessSpeech(method: string, pending: Speech['pending']): Speech {
  const session = isProtocolMethod(method) ? METHOD_SPEECH : TOOL_SPEECH;
  const hints = CACHEABLE.has(method) ? PRIVATE_HINTS : {};
  return {
    refusal: (id, record) => withType(session.refusal(id, record), {}),
    pending,
    answer: (json) => withType(json, hints),
  };
}

/** A call that waits, for a client that cannot be asked to come back with a state: the record, and "call again". */
export function pendingAtLast(method: string, id: RpcId, record: HoldRecord): string {
  return statelessSpeech(method, TOOL_SPEECH.pending).refusal(id, record);
}

/**
 * Writes the type into a message. It is ours to say: an upstream that answers `input_required` or `task` of its own would
 * have the client send it things, past every decision here.
 */
function withType(json: string, hints: Readonly<Record<string, JsonValue>>): string {
  const message: unknown = JSON.parse(json);
  if (typeof message !== 'object' || message === null || !('result' in message)) return json;
  const { result } = message;
  if (typeof result !== 'object' || result === null) return json;
  return JSON.stringify({ ...message, result: { ...result, ...hints, resultType: 'complete' } });
}
