import { isJsonArray, type JsonValue } from './value.ts';

const DEEPEST = 64;

/**
 * Whether a value is plain JSON data, and `Object.keys` gives the members of each object in the order of RFC 8785
 * section 3.2.3. False also where it is not worth looking further: beyond 64 levels, or another prototype, which could
 * bring a toJSON of its own.
 */
export function isInOrder(value: JsonValue, depth = 0): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'boolean' || value === null) return true;
  if (typeof value !== 'object' || depth > DEEPEST) return false;
  if (isJsonArray(value)) {
    if (Object.getPrototypeOf(value) !== Array.prototype) return false;
    for (let i = 0; i < value.length; i++) if (!isInOrder(value[i] ?? null, depth + 1)) return false;
    return true;
  }
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
