import { childPath } from '../json/path.ts';
import { isJsonArray, isJsonObject, type JsonValue, ownValue } from '../json/value.ts';

/** A value that a condition names; null = the arguments do not have it. */
export type ConditionField = { readonly path: string; readonly value: string | null };

const FIELD = /\bargs((?:\s*\.\s*[A-Za-z_]\w*(?!\w*\s*\()|\s*\[\s*(?:\d+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\])+)/g;
const PART = /\.\s*([A-Za-z_]\w*)|\[\s*(?:(\d+)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*\]/g;
const MOST = 20;
const LONGEST = 200;

/**
 * The members of the arguments that a condition names, with the values they have: what a reader compares a constraint
 * with. Found by how they are written; whether the condition is met is for its evaluation to say.
 */
export function conditionFields(condition: string, args: JsonValue): readonly ConditionField[] {
  const found = new Map<string, ConditionField>();
  for (const [, chain = ''] of condition.matchAll(FIELD)) {
    let path = '$';
    let value: JsonValue | undefined = args;
    for (const [, name, index, double, single] of chain.matchAll(PART)) {
      const key = index === undefined ? (name ?? double ?? single ?? '') : Number(index);
      path = childPath(path, key);
      value = step(value, key);
    }
    if (found.size < MOST) found.set(path, { path, value: value === undefined ? null : preview(value) });
  }
  return [...found.values()];
}

function step(value: JsonValue | undefined, key: string | number): JsonValue | undefined {
  if (isJsonArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isJsonObject(value) ? ownValue(value, String(key)) : undefined;
}

function preview(value: JsonValue): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= LONGEST
    ? text
    : `${text
        .slice(0, LONGEST)
        .toWellFormed()
        .replace(/\uFFFD$/u, '')}…`;
}
