import { childPath } from '../json/path.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/value.ts';

/**
 * A text in the arguments with the name it goes by. `list` is set when the text is a list of words, not one text; then
 * `covers` are the places that its words stand in. `within` is the list that a text stands in itself.
 */
export type FoundText = {
  readonly path: string;
  readonly key: string;
  readonly text: string;
  readonly list: readonly string[] | null;
  readonly covers: readonly string[];
  readonly within: string | null;
};

/** How a program and its words are handed over apart, as in `{"command": "bash", "args": ["-c", "…"]}`. */
const PROGRAM = /^(command|cmd|program|executable|exec|binary|bin|entrypoint)$/i;
const WORDS = /^(args|arguments|argv)$/i;

/**
 * Yields the texts of parsed arguments in the order they stand there. Of a list of texts both: the list under its own
 * name, and each text under the list's name, so that `commands: ["…"]` is read like `command: "…"`. A program beside its words is one list, before either.
 */
export function* listTexts(value: JsonValue, path = '$', key = '', within: string | null = null): Generator<FoundText> {
  if (typeof value === 'string') {
    yield { path, key, text: value, list: null, covers: [], within };
    return;
  }
  if (isJsonArray(value)) {
    const words = value.filter((item) => typeof item === 'string');
    if (words.length > 1 && words.length === value.length) {
      yield { path, key, text: words.join(' '), list: words, covers: [path], within };
    }
    for (const [i, item] of value.entries()) yield* listTexts(item, childPath(path, i), key, path);
    return;
  }
  if (!isJsonObject(value)) return;
  const members = Object.entries(value);
  const program = members.find(([name, member]) => PROGRAM.test(name) && isProgram(member));
  const words = members.find(([name, member]) => WORDS.test(name) && isWords(member));
  if (program !== undefined && words !== undefined) {
    const list = [program[1], ...(isJsonArray(words[1]) ? words[1] : [])].filter((word) => typeof word === 'string');
    const covers = [childPath(path, program[0]), childPath(path, words[0])];
    yield { path: covers[0] ?? path, key: program[0], text: list.join(' '), list, covers, within: null };
  }
  for (const [name, member] of members) yield* listTexts(member, childPath(path, name), name);
}

function isProgram(value: JsonValue): boolean {
  return typeof value === 'string' && /^\S+$/.test(value);
}

function isWords(value: JsonValue): boolean {
  return isJsonArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}
