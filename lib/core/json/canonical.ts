import canonicalize from 'canonicalize';
import { isInOrder } from './in-order.ts';
import type { JsonValue } from './value.ts';

/**
 * The RFC 8785 (JCS) text of a value: keys sorted by UTF-16 unit, ECMAScript numbers, no spaces, `-0` as `0`.
 *
 * Assumes a value that `parseStrict` accepted or that our own code built. Throws on what JSON cannot say (NaN, lone
 * surrogates, undefined at the top): that is a bug of the caller, never a property of agent input.
 */
export function canonicalJson(value: JsonValue): string {
  // Where the members stand in order already, the native writer gives the same text (section 3.2.2 was made for that),
  // and most of what is hashed on a call's way was built in order. Whatever is not plainly so, the library sorts.
  const text = isInOrder(value) ? JSON.stringify(value) : canonicalize(value);
  if (text === undefined) throw new TypeError('canonicalJson was given a value that JSON cannot represent');
  return text;
}
