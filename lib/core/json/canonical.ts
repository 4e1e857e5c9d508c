import canonicalize from 'canonicalize';
import { isJsonArray, type JsonValue } from './value.ts';

/**
 * The RFC 8785 (JCS) text of a value: keys sorted by UTF-16 unit, ECMAScript numbers, no spaces, `-0` as `0`.
 *
 * Assumes a value that `parseStrict` accepted or that our own code built. Throws on what JSON cannot say (NaN, lone
 * surrogates, undefined at the top): that is a bug of the caller, never a property of agent input.
 */
export function canonicalJson(value: JsonValue): string {
  // Where the members stand in order already, the native writer gives the same text (section 3.2.2 was made for that),
  // and most of what is hashed on a call's way was built in order. Whatever is not plainly so, the library sorts.
  const text = isInOrder(value, 0) ? JSON.stringify(value) : canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson was given a value that JSON cannot represent');
  return text;
}

const DEEPEST = 64;

/** Whether a value is plain JSON data, and `Object.keys` gives the members of each object in the order of the RFC. */
function isInOrder(value: JsonValue, depth: number): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  if (isJsonArray(value)) {
    if (Object.getPrototypeOf(value) !== Array.prototype) return false;
    for (let i = 0; i < value.length; i++) if (!isInOrder(value[i] ?? null, depth + 1)) return false;
    return true;
  }
  // Anything with another prototype could bring a toJSON of its own.
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const keys = Object.keys(value);
  let before: string | undefined;
  for (const key of keys) {
    if (before !== undefined && before >= key) return false;
    if (!key.isWellFormed()) return false;
    const member = value[key];
    if (member === undefined || !isInOrder(member, depth + 1)) return false;
    before = key;
  }
  return true;
}
