// Server-only. Headers that repeat parts of the body (MCP 2026-07-28, "Request Metadata"): compared, never believed.
import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';

type Message = { readonly method: string; readonly params: JsonObject };

const PREFIX = '=?base64?';
const SUFFIX = '?=';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const MOST_DEPTH = 8;

/** Which member of the params each method's `Mcp-Name` repeats. */
export const NAME_MEMBER: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The name of the first header that is missing or differs from the body, or null. */
export function disagreement(
  message: Message,
  headers: IncomingHttpHeaders,
  presence: 'required' | 'where-sent',
): string | null {
  const method = textOf(headers['mcp-method']);
  if (method === undefined ? presence === 'required' : method !== message.method) return 'Mcp-Method';
  const member = Object.hasOwn(NAME_MEMBER, message.method) ? NAME_MEMBER[message.method] : undefined;
  if (member === undefined) return null;
  const inBody = ownValue(message.params, member);
  const sent = textOf(headers['mcp-name']);
  if (sent === undefined) return presence === 'required' && typeof inBody === 'string' ? 'Mcp-Name' : null;
  return decoded(sent) === inBody ? null : 'Mcp-Name';
}

/** A parameter that its schema asks clients to repeat in a header. */
export type MirroredParameter = { readonly header: string; readonly path: readonly string[] };

/** Finds the `x-mcp-header` marks of an input schema. A mark that is no header name cannot be sent and is passed over. */
export function mirroredParameters(schema: JsonValue | undefined): readonly MirroredParameter[] {
  const found: MirroredParameter[] = [];
  const visit = (node: JsonValue | undefined, path: readonly string[]): void => {
    if (!isJsonObject(node) || path.length >= MOST_DEPTH) return;
    const properties = ownValue(node, 'properties');
    if (!isJsonObject(properties)) return;
    for (const [name, property] of Object.entries(properties)) {
      if (!isJsonObject(property)) continue;
      const mark = ownValue(property, 'x-mcp-header');
      const here = [...path, name];
      if (typeof mark === 'string' && FIELD_NAME.test(mark)) {
        found.push({ header: `mcp-param-${mark.toLowerCase()}`, path: here });
      }
      visit(property, here);
    }
  };
  visit(schema, []);
  return found;
}

/** The first `Mcp-Param-*` header that is missing or differs from the argument it repeats, or null. */
export function parameterDisagreement(
  parameters: readonly MirroredParameter[],
  args: JsonObject,
  headers: IncomingHttpHeaders,
): string | null {
  for (const { header, path } of parameters) {
    const value = path.reduce<JsonValue | undefined>(
      (node, key) => (isJsonObject(node) ? ownValue(node, key) : undefined),
      args,
    );
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') continue;
    const sent = textOf(headers[header]);
    const said = sent === undefined ? undefined : decoded(sent);
    const isSame =
      typeof value === 'number' && said !== undefined && DECIMAL.test(said)
        ? Number(said) === value
        : said === String(value);
    if (!isSame) return `Mcp-Param-${header.slice('mcp-param-'.length)}`;
  }
  return null;
}

function textOf(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header.replace(/^[ \t]+|[ \t]+$/g, '') : undefined;
}

/** The text behind a header value; undefined for an encoding that is not the standard's, which then equals nothing. */
function decoded(value: string): string | undefined {
  if (!value.startsWith(PREFIX) || !value.endsWith(SUFFIX)) return value;
  const base64 = value.slice(PREFIX.length, -SUFFIX.length);
  if (!BASE64.test(base64)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
