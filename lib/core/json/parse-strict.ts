import { err, ok, type Result } from '../result.ts';
import { isJsonArray, type JsonValue } from './value.ts';

/** Why a text was refused. `reason` never repeats the text: it may hold secrets. `at` is a UTF-16 offset where known. */
export type ParseRefusal = {
  readonly code: 'bad-json' | 'args-too-large';
  readonly reason: string;
  readonly at?: number;
};

/** Limits a caller may tighten or widen; the defaults are those of the gateway. */
export type ParseLimits = { readonly maxDepth?: number; readonly maxBytes?: number };

const DEFAULT_MAX_DEPTH = 64;
const DEFAULT_MAX_BYTES = 1024 * 1024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Reads one JSON text as I-JSON (RFC 7493) and returns its value.
 *
 * Refuses what two readers could understand differently, because a human approves one reading and the tool may act on
 * the other: duplicate keys (also when written with escapes), lone surrogates, numbers beyond ±(2^53−1) or not finite,
 * U+0000, a key named `__proto__`, a byte order mark, text after the value, nesting and size beyond the limits.
 * `-0` becomes `0`, as RFC 8785 section 3.2.2.3 writes it.
 *
 * The native parser does the grammar; it silently keeps the last of duplicate keys, so the members seen in the text are
 * counted against the members that survived in the value: a lost one makes the counts differ.
 */
export function parseStrict(text: string, limits: ParseLimits = {}): Result<JsonValue, ParseRefusal> {
  const maxBytes = limits.maxBytes ?? DEFAULT_MAX_BYTES;
  if (exceedsBytes(text, maxBytes)) {
    return err({ code: 'args-too-large', reason: `The JSON text is larger than ${maxBytes} bytes.` });
  }
  if (!text.isWellFormed()) return bad('The text contains a lone surrogate.');
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch {
    return bad('The text is not one well-formed JSON value.');
  }
  const walk: Walk = {
    members: 0,
    checkText: text.includes('\\u'),
    sawMinusZero: false,
    maxDepth: limits.maxDepth ?? DEFAULT_MAX_DEPTH,
  };
  const refusal = inspect(value, 0, walk);
  if (refusal !== null) return bad(refusal);
  if (countMembers(text) !== walk.members) return bad('An object has the same key twice.');
  return ok(walk.sawMinusZero ? withoutMinusZero(value) : value);
}

function bad(reason: string): { readonly ok: false; readonly error: ParseRefusal } {
  return err({ code: 'bad-json', reason });
}

type Walk = { members: number; readonly checkText: boolean; sawMinusZero: boolean; readonly maxDepth: number };

/** Visits every value once; the depth check comes before the descent, so hostile nesting cannot exhaust the stack. */
function inspect(value: JsonValue, depth: number, walk: Walk): string | null {
  if (typeof value === 'string') return walk.checkText ? inspectText(value) : null;
  if (typeof value === 'number') {
    if (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER) {
      return 'A number is beyond ±(2^53−1) and would not survive another reader.';
    }
    if (value === 0 && Object.is(value, -0)) walk.sawMinusZero = true;
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= walk.maxDepth) return `The value is nested deeper than ${walk.maxDepth} levels.`;
  if (isJsonArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const refusal = inspect(value[i] ?? null, depth + 1, walk);
      if (refusal !== null) return refusal;
    }
    return null;
  }
  const keys = Object.keys(value);
  walk.members += keys.length;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? '';
    if (key === '__proto__') return 'A key is named __proto__.';
    if (walk.checkText) {
      const refusal = inspectText(key);
      if (refusal !== null) return refusal;
    }
    const refusal = inspect(value[key] ?? null, depth + 1, walk);
    if (refusal !== null) return refusal;
  }
  return null;
}

/** Only escapes can bring these in: raw ones were refused with the text itself or by the grammar. */
function inspectText(text: string): string | null {
  if (text.includes('\u0000')) return 'A string contains U+0000.';
  return text.isWellFormed() ? null : 'A string contains a lone surrogate.';
}

/** Counts `"key":` in a text that the grammar has accepted: in such a text a colon outside strings follows a key. */
function countMembers(text: string): number {
  const escapes = text.includes('\\');
  let members = 0;
  let open = text.indexOf('"');
  while (open !== -1) {
    let close = text.indexOf('"', open + 1);
    while (escapes && isEscaped(text, close)) close = text.indexOf('"', close + 1);
    // The grammar promises an end; a reader that were wrong about it must miscount and refuse, not search for ever.
    if (close === -1) return -1;
    let after = close + 1;
    let code = text.charCodeAt(after);
    while (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) code = text.charCodeAt(++after);
    if (code === COLON) members++;
    // Values are often strings directly after the colon; the search jumps over anything else.
    open = text.charCodeAt(after + 1) === QUOTE ? after + 1 : text.indexOf('"', after);
  }
  return members;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** Whether the UTF-8 form is longer than the limit; texts far from it are judged by their length alone. */
function exceedsBytes(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes) return true;
  if (text.length * 3 <= maxBytes) return false;
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes, so each half counts two.
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes > maxBytes;
}

function withoutMinusZero(value: JsonValue): JsonValue {
  if (value === 0) return 0;
  if (isJsonArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withoutMinusZero(member)]));
}
