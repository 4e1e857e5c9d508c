import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '#lib/core/json/value.ts';

/** One value of the arguments that a grant can hold fast: `args.repo == "acme/site"`. */
export type Pin = {
  /** How the field is written in a condition. */
  readonly path: string;
  readonly condition: string;
};

/** The values that can be held fast, and how many are too large or too deep for it. */
export type Pins = { readonly pins: readonly Pin[]; readonly rest: number };

const LITERAL_AT_MOST = 300;
const PINS_AT_MOST = 40;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that CEL keeps for itself: as a member's name they are written in brackets. */
const RESERVED = new Set(
  'as break const continue else false for function if import in let loop namespace null package return true var void while'.split(
    ' ',
  ),
);

/**
 * Lists the values of canonical arguments that a condition can hold fast: texts, numbers, booleans, nulls, and lists of
 * these. Arguments that are not an object give none.
 */
export function listPins(canonicalArgs: string): Pins {
  const parsed = parseStrict(canonicalArgs, { maxBytes: Number.MAX_SAFE_INTEGER });
  const pins: Pin[] = [];
  const found = { rest: 0 };
  if (parsed.ok && isJsonObject(parsed.value)) addMembers('args', parsed.value, pins, found);
  return { pins: pins.slice(0, PINS_AT_MOST), rest: found.rest + Math.max(0, pins.length - PINS_AT_MOST) };
}

/** The condition that holds all of these fast; undefined = any arguments. */
export function conditionOf(pins: readonly Pin[]): string | undefined {
  return pins.length === 0 ? undefined : pins.map((pin) => pin.condition).join(' && ');
}

function addMembers(path: string, object: JsonObject, pins: Pin[], found: { rest: number }): void {
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    const inner = PLAIN.test(name) && !RESERVED.has(name) ? `${path}.${name}` : `${path}[${textLiteral(name)}]`;
    if (isJsonObject(value) && Object.keys(value).length > 0) {
      addMembers(inner, value, pins, found);
      continue;
    }
    const literal = literalOf(value);
    if (literal === null || literal.length > LITERAL_AT_MOST) found.rest += 1;
    else pins.push({ path: inner, condition: `${inner} == ${literal}` });
  }
}

function literalOf(value: JsonValue): string | null {
  if (isJsonArray(value)) {
    const items = value.map((item) => (isJsonArray(item) || isJsonObject(item) ? null : literalOf(item)));
    return items.includes(null) ? null : `[${items.join(', ')}]`;
  }
  if (isJsonObject(value)) return '{}';
  return typeof value === 'string' ? textLiteral(value) : String(value);
}

/** A text as CEL writes it. What a person cannot see is escaped, so that the condition reads as it works. */
function textLiteral(text: string): string {
  return JSON.stringify(text).replace(/[\p{C}\p{Z}]/gu, (char) => {
    if (char === ' ') return char;
    const code = char.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
