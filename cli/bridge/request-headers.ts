// The headers of one message. In the stateless revision they repeat parts of the body, and a gateway compares the two.
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { type MirroredParameter, mirroredParameters, NAME_MEMBER } from '#lib/server/gateway/mirrored-headers.ts';
import type { Message } from './wire.ts';

export type SessionState = { readonly id: string | null; readonly version: string | null };

const BASE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

export function headersFor(
  message: Message,
  session: SessionState,
  mirrored: readonly MirroredParameter[],
): Record<string, string> {
  if (message.kind === 'request' && message.version !== null) {
    return {
      ...BASE,
      'mcp-protocol-version': message.version,
      'mcp-method': message.method,
      ...nameHeader(message.method, message.params),
      ...parameterHeaders(message.params, mirrored),
    };
  }
  return {
    ...BASE,
    ...(session.id === null ? {} : { 'mcp-session-id': session.id }),
    ...(session.version === null ? {} : { 'mcp-protocol-version': session.version }),
  };
}

/** What each tool of a list asks clients to repeat in headers. */
export function mirroredByTool(listResult: JsonValue | undefined): Map<string, readonly MirroredParameter[]> {
  const found = new Map<string, readonly MirroredParameter[]>();
  const tools = isJsonObject(listResult) ? ownValue(listResult, 'tools') : undefined;
  if (!Array.isArray(tools)) return found;
  for (const tool of tools) {
    const name = isJsonObject(tool) ? ownValue(tool, 'name') : undefined;
    if (isJsonObject(tool) && typeof name === 'string')
      found.set(name, mirroredParameters(ownValue(tool, 'inputSchema')));
  }
  return found;
}

function nameHeader(method: string, params: JsonObject): Record<string, string> {
  const member = Object.hasOwn(NAME_MEMBER, method) ? NAME_MEMBER[method] : undefined;
  const name = member === undefined ? undefined : ownValue(params, member);
  return typeof name === 'string' ? { 'mcp-name': encoded(name) } : {};
}

function parameterHeaders(params: JsonObject, mirrored: readonly MirroredParameter[]): Record<string, string> {
  const args = ownValue(params, 'arguments');
  const headers: Record<string, string> = {};
  for (const { header, path } of mirrored) {
    const value = path.reduce<JsonValue | undefined>(
      (node, key) => (isJsonObject(node) ? ownValue(node, key) : undefined),
      args,
    );
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      headers[header] = encoded(String(value));
    }
  }
  return headers;
}

/** Header values are visible ASCII; everything else travels as the specification's base64 form. */
function encoded(text: string): string {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
