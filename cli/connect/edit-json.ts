// One entry of a JSON configuration, changed without touching the rest.
import { isJsonObject, type JsonObject, type JsonValue, ownValue } from '#lib/core/json/value.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

/** Entries by name; null stands for "not there". */
export type Entries = Readonly<Record<string, JsonValue>>;

/** Reads a configuration. Refuses comments and other liberties: writing it back would lose them. */
export function readJsonConfig(text: string): Result<JsonObject, 'not-plain-json'> {
  if (text.trim() === '') return ok({});
  try {
    const value: JsonValue = JSON.parse(text);
    return isJsonObject(value) ? ok(value) : err('not-plain-json');
  } catch {
    return err('not-plain-json');
  }
}

/** The entries at the path, by name; null for those that are not there. */
export function entriesAt(config: JsonObject, path: readonly string[], names: readonly string[]): Entries {
  let node: JsonValue | undefined = config;
  for (const key of path) node = isJsonObject(node) ? ownValue(node, key) : undefined;
  const here = isJsonObject(node) ? node : {};
  return Object.fromEntries(names.map((name) => [name, ownValue(here, name) ?? null]));
}

/** The configuration with these entries set, or taken away where they are null; the order of the rest is kept. */
export function withEntries(config: JsonObject, path: readonly string[], entries: Entries): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) {
    const kept = Object.entries(config).filter(([name]) => entries[name] !== null);
    const set = Object.entries(entries).filter(([, entry]) => entry !== null);
    return Object.fromEntries([...new Map([...kept, ...set])]);
  }
  const below = ownValue(config, key);
  return { ...config, [key]: withEntries(isJsonObject(below) ? below : {}, rest, entries) };
}

/** JSON text with the indentation of the text it replaces. */
export function jsonText(config: JsonObject, before: string): string {
  const indent = /\n([ \t]+)"/.exec(before)?.[1] ?? '  ';
  return `${JSON.stringify(config, null, indent)}\n`;
}
