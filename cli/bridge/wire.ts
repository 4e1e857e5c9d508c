// What a line of a stdio client says: for the gateway as far as carrying it needs to know, for a server of this machine
// read strictly and written anew.
import { PROBLEMS, type ProblemCode } from '#lib/contracts/problems.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
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

/** The longest line that is carried: arguments of a megabyte, and what stands around them. */
export const MOST_LINE_BYTES = 1024 * 1024 + 64 * 1024;
const KNOWN_MEMBERS = ['jsonrpc', 'id', 'method', 'params'];

/**
 * Reads a line for a server that we speak to directly, and writes it anew. Such a server has a reader of its own: one that
 * takes the last of two members, or `Method` for `method`, would find another message than we judged. So the text is read
 * strictly, only the members that JSON-RPC knows are kept, and `raw` is their canonical text. Refuses what is not one
 * request, response or notification; a notification is called one and has no id, because a server may well run a
 * `tools/call` whose id is null. The refusal has the id where there is one, so that nobody waits for an answer.
 */
export function readStrictLine(
  line: string,
): Result<Message, { readonly id: RpcId | null; readonly code: ProblemCode }> {
  const read = parseStrict(line, { maxBytes: MOST_LINE_BYTES });
  if (!read.ok) {
    const loose = readLine(line);
    return err({ id: loose.kind === 'request' ? loose.id : null, code: read.error.code });
  }
  const { value } = read;
  if (!isJsonObject(value)) return err({ id: null, code: 'bad-json' });
  const kept = Object.entries(value).filter(([name]) => KNOWN_MEMBERS.includes(name));
  const message = readLine(canonicalJson(Object.fromEntries(kept)));
  const isSaid = message.kind === 'notification' && !Object.hasOwn(value, 'id');
  if (message.kind === 'unreadable' || (message.kind === 'notification' && !(isSaid && isNotice(message.method)))) {
    return err({ id: null, code: 'bad-json' });
  }
  return ok(message);
}

const isNotice = (method: string) => method.startsWith('notifications/');

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
