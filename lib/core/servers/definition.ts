import { type Sha256Hex, sha256Hex } from '../hash/sha256.ts';
import { canonicalJson } from '../json/canonical.ts';
import { childPath } from '../json/path.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, ownValue } from '../json/value.ts';

/**
 * The pin of a tool: hex SHA-256(JCS(definition)) over the whole definition as received.
 *
 * Nothing is left out, unknown members neither: a server that changes a title, an annotation or `_meta` after a human
 * accepted the tool must be noticed (CVE-2025-54136).
 */
export function toolDefinitionDigest(definition: JsonObject, hash: Sha256Hex = sha256Hex): string {
  return hash(canonicalJson(definition));
}

/** One difference; `before` absent = added, `after` absent = removed. */
export type DefinitionChange = { readonly path: string; readonly before?: JsonValue; readonly after?: JsonValue };

/** Lists how a definition changed, by JSON path, smallest differing parts only; equal definitions give an empty list. */
export function diffDefinition(before: JsonValue, after: JsonValue): readonly DefinitionChange[] {
  const changes: DefinitionChange[] = [];
  compare('$', before, after, changes);
  return changes;
}

function compare(path: string, before: JsonValue, after: JsonValue, changes: DefinitionChange[]): void {
  if (isJsonObject(before) && isJsonObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    for (const key of keys) compareMember(childPath(path, key), ownValue(before, key), ownValue(after, key), changes);
    return;
  }
  if (isJsonArray(before) && isJsonArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let i = 0; i < length; i++) compareMember(childPath(path, i), before[i], after[i], changes);
    return;
  }
  if (canonicalJson(before) !== canonicalJson(after)) changes.push({ path, before, after });
}

function compareMember(
  path: string,
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  changes: DefinitionChange[],
): void {
  if (before === undefined && after === undefined) return;
  if (before === undefined) changes.push(after === undefined ? { path } : { path, after });
  else if (after === undefined) changes.push({ path, before });
  else compare(path, before, after, changes);
}
