import { parseStrict } from '#lib/core/json/parse-strict.ts';
import { isJsonObject, type JsonObject } from '#lib/core/json/value.ts';

/** A stored definition as a JSON object. Throws on anything else: the row is damaged, and nothing may be guessed. */
export function storedDefinition(value: unknown): JsonObject {
  const read = parseStrict(JSON.stringify(value), { maxBytes: 1024 * 1024 });
  if (!read.ok || !isJsonObject(read.value)) throw new Error('a stored tool definition is not a JSON object');
  return read.value;
}
