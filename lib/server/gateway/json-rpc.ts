// Server-only. JSON-RPC 2.0 as MCP uses it: one message a body, read strictly, rebuilt by us.
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import { hasCaseVariantKeys } from '#lib/core/json/envelope-keys.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

export type RpcId = string | number;

export type RpcMessage =
  | { readonly kind: 'request'; readonly id: RpcId; readonly method: string; readonly params: JsonObject }
  | { readonly kind: 'notification'; readonly method: string; readonly params: JsonObject }
  /** An answer to a request we never send; accepted and dropped. */
  | { readonly kind: 'response' };

export type RpcRefusal = { readonly code: ProblemCode; readonly detail: string };

const ENVELOPE_KEYS = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];
const PARAM_KEYS = [
  'name',
  'arguments',
  '_meta',
  'cursor',
  'requestId',
  'protocolVersion',
  'uri',
  'taskId',
  'level',
  'requestState',
  'inputResponses',
];
const MOST_ID_CHARS = 256;
/** 1 MiB of arguments and room for the envelope around them. */
export const MAX_BODY_BYTES = 1024 * 1024 + 16 * 1024;

/** Reads a body. Refuses batches, other spellings of envelope keys, and ids that are not a short text or a number. */
export function readMessage(text: string): Result<RpcMessage, RpcRefusal> {
  const parsed = parseStrict(text, { maxBytes: MAX_BODY_BYTES });
  if (!parsed.ok) return err({ code: parsed.error.code, detail: parsed.error.reason });
  const body = parsed.value;
  if (Array.isArray(body)) return bad('Batches are not accepted: send one message.');
  if (!isJsonObject(body)) return bad('The body must be one JSON-RPC message.');
  if (hasCaseVariantKeys(body, ENVELOPE_KEYS)) return bad('A member name differs from the standard one in case only.');
  if (ownValue(body, 'jsonrpc') !== '2.0') return bad('The member jsonrpc must be "2.0".');
  const method = ownValue(body, 'method');
  if (method === undefined) {
    const isResponse = Object.hasOwn(body, 'result') || Object.hasOwn(body, 'error');
    return isResponse ? ok({ kind: 'response' }) : bad('The message has no method.');
  }
  if (typeof method !== 'string') return bad('The method must be a text.');
  const params = ownValue(body, 'params') ?? {};
  if (!isJsonObject(params)) return bad('The params must be an object.');
  if (hasCaseVariantKeys(params, PARAM_KEYS))
    return bad('A parameter name differs from the standard one in case only.');
  if (!Object.hasOwn(body, 'id')) return ok({ kind: 'notification', method, params });
  const id = ownValue(body, 'id');
  if (!isRpcId(id)) return bad('The id must be a number or a text of at most 256 characters.');
  return ok({ kind: 'request', id, method, params });
}

/** Whether a value may be an id or a progress token. */
export function isRpcId(value: JsonValue | undefined): value is RpcId {
  return typeof value === 'number' || (typeof value === 'string' && value.length <= MOST_ID_CHARS);
}

/** A key under which 1 and "1" are two ids. */
export function idKey(id: RpcId): string {
  return typeof id === 'number' ? `n${id}` : `s${id}`;
}

/** The progress token of a request, if it sent one. */
export function progressTokenOf(params: JsonObject): RpcId | undefined {
  const meta = ownValue(params, '_meta');
  if (!isJsonObject(meta)) return undefined;
  const token = ownValue(meta, 'progressToken');
  return isRpcId(token) ? token : undefined;
}

/** A result message. `resultJson` is JSON text. */
export function resultMessage(id: RpcId, resultJson: string): string {
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${resultJson}}`;
}

/** An error message of one of our codes; the code travels in `data`, as interfaces.md says. */
export function errorMessage(id: RpcId | null, code: ProblemCode, detail?: string, rpcCode?: number): string {
  const row = PROBLEMS[code];
  return JSON.stringify({
    jsonrpc: '2.0',
    id,
    error: { code: rpcCode ?? row.rpc, message: detail ?? row.title, data: { code, next: row.next } },
  });
}

function bad(detail: string): { readonly ok: false; readonly error: RpcRefusal } {
  return err({ code: 'invalid-request', detail });
}
