import { childPath } from '../json/path.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/value.ts';

/** A text in the arguments with the name it goes by. `list` is set when the text is a list of words, not one text. */
export type FoundText = {
  readonly path: string;
  readonly key: string;
  readonly text: string;
  readonly list: readonly string[] | null;
};

/**
 * Yields the texts of parsed arguments in the order they stand there. Of a list of texts both: the list under its own
 * name, and each text under the list's name, so that `commands: ["…"]` is read like `command: "…"`.
 */
export function* listTexts(value: JsonValue, path = '$', key = ''): Generator<FoundText> {
  if (typeof value === 'string') {
    yield { path, key, text: value, list: null };
    return;
  }
  if (isJsonArray(value)) {
    const words = value.filter((item) => typeof item === 'string');
    if (words.length > 1 && words.length === value.length) {
      yield { path, key, text: words.join(' '), list: words };
    }
    for (const [i, item] of value.entries()) yield* listTexts(item, childPath(path, i), key);
    return;
  }
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) yield* listTexts(member, childPath(path, name), name);
}
