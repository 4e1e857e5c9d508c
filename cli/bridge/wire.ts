// What a line of a stdio client says, as far as carrying it needs to know; the line itself is passed on untouched.
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { isRpcId, type RpcId } from '#lib/server/gateway/json-rpc.ts';
import { META } from '#lib/server/gateway/protocol-era.ts';

export type Message =
  | {
      readonly kind: 'request';
      readonly raw: string;
      readonly id: RpcId;
      readonly method: string;
      readonly params: JsonObject;
      /** The revision a stateless request names (2026-07-28); null within a session of the older ones. */
      readonly version: string | null;
    }
  | { readonly kind: 'notification'; readonly raw: string; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'response'; readonly raw: string; readonly id: RpcId }
  | { readonly kind: 'unreadable'; readonly raw: string };
export type RequestMessage = Extract<Message, { kind: 'request' }>;

/** Reads a line for routing only: whether it is acceptable is the gateway's to say. */
export function readLine(raw: string): Message {
  const body = parseJson(raw);
  if (!isJsonObject(body)) return { kind: 'unreadable', raw };
  const id = ownValue(body, 'id');
  const method = ownValue(body, 'method');
  const sent = ownValue(body, 'params');
  const params = isJsonObject(sent) ? sent : {};
  if (typeof method !== 'string') return isRpcId(id) ? { kind: 'response', raw, id } : { kind: 'unreadable', raw };
  if (!isRpcId(id)) return { kind: 'notification', raw, method, params };
  const meta = ownValue(params, '_meta');
  const version = isJsonObject(meta) ? ownValue(meta, META.version) : undefined;
  return { kind: 'request', raw, id, method, params, version: typeof version === 'string' ? version : null };
}

/** JSON text as a value, or undefined. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** One message a line: a raw line break can only stand between tokens, where a space means the same. */
export function asLine(json: string): string {
  return json.replaceAll(/[\r\n]+/g, ' ');
}

/** A JSON-RPC error of ours. */
export function errorLine(id: RpcId | null, code: ProblemCode, detail?: string): string {
  const { rpc, title, next } = PROBLEMS[code];
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: rpc, message: detail ?? title, data: { code, next } } });
}

/**
 * Says that nobody knows whether a call ran. A tool call gets a result with `isError`, because clients hand that to their
 * model word for word; other methods have no such thing.
 */
export function unknownLine(request: RequestMessage, message: string): string {
  if (request.method !== 'tools/call') return errorLine(request.id, 'unknown-outcome', message);
  const { next } = PROBLEMS['unknown-outcome'];
  const record = { code: 'unknown-outcome', decision: 'allow', state: 'unknown-outcome', message, next };
  return resultLine(request, {
    content: [{ type: 'text', text: `${message} ${next} (code: unknown-outcome)` }],
    structuredContent: record,
    isError: true,
  });
}

/** A result in the form of the era that asked. */
export function resultLine(request: RequestMessage, result: JsonObject): string {
  const whole = request.version === null ? result : { resultType: 'complete', ...result };
  return JSON.stringify({ jsonrpc: '2.0', id: request.id, result: whole });
}
