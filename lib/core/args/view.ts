import { utf8 } from '../hash/bytes.ts';
import { parseStrict } from '../json/parse-strict.ts';
import { childPath } from '../json/path.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { hasHidden } from '../text/visible.ts';

/**
 * One line of the arguments as a reviewer sees them. `preview` and `tail` are raw text: show them through
 * `visibleSegments`. `foldedBytes` says how much lies between them, so nothing is cut in silence.
 */
export type ArgRow = {
  readonly path: string;
  /** The member's name, or the index in a list. */
  readonly key: string;
  readonly depth: number;
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null' | 'unreadable';
  readonly preview: string;
  /** The end of a long text: what padding in front was meant to push out of sight. Empty when nothing is folded. */
  readonly tail: string;
  /** The whole text of a value that is not a container: what `preview` and `tail` are the ends of. */
  readonly whole: string;
  /** UTF-8 bytes of the whole value in its canonical form (of a text: of the text itself). */
  readonly bytes: number;
  readonly foldedBytes: number;
  /** Members of an object or list; 0 for the rest. */
  readonly members: number;
  /** Whether key or value holds characters a person cannot see; line feeds and tabs in values do not count. */
  readonly hidden: boolean;
};

/** How much of a long text is shown at either end, in UTF-16 units. */
export type ArgViewOptions = { readonly headUnits?: number; readonly tailUnits?: number };

const HEAD_UNITS = 400;
const TAIL_UNITS = 120;

/**
 * Lists canonical arguments as rows, depth first, in the order of the hashed bytes. A text that is not JSON gives one
 * `unreadable` row with the text itself: the reviewer still sees what is there.
 */
export function argRows(canonical: string, options: ArgViewOptions = {}): readonly ArgRow[] {
  const sizes = { head: options.headUnits ?? HEAD_UNITS, tail: options.tailUnits ?? TAIL_UNITS };
  const parsed = parseStrict(canonical, { maxBytes: Number.MAX_SAFE_INTEGER });
  const rows: ArgRow[] = [];
  if (!parsed.ok) {
    rows.push(textRow({ path: '$', key: '', depth: 0, kind: 'unreadable' }, canonical, sizes));
  } else if (isJsonObject(parsed.value)) {
    for (const [key, member] of membersOf(parsed.value)) addRows(childPath('$', key), key, 0, member, sizes, rows);
  } else {
    addRows('$', '', 0, parsed.value, sizes, rows);
  }
  return rows;
}

type Sizes = { readonly head: number; readonly tail: number };
type Place = Pick<ArgRow, 'path' | 'key' | 'depth' | 'kind'>;

function addRows(path: string, key: string, depth: number, value: JsonValue, sizes: Sizes, rows: ArgRow[]): void {
  if (typeof value === 'string') {
    rows.push(textRow({ path, key, depth, kind: 'string' }, value, sizes));
    return;
  }
  if (isJsonArray(value)) {
    rows.push(containerRow({ path, key, depth, kind: 'array' }, value.length, value));
    value.forEach((item, i) => {
      addRows(childPath(path, i), String(i), depth + 1, item, sizes, rows);
    });
    return;
  }
  if (isJsonObject(value)) {
    const members = membersOf(value);
    rows.push(containerRow({ path, key, depth, kind: 'object' }, members.length, value));
    for (const [name, member] of members) addRows(childPath(path, name), name, depth + 1, member, sizes, rows);
    return;
  }
  const kind = value === null ? 'null' : typeof value === 'number' ? 'number' : 'boolean';
  rows.push(textRow({ path, key, depth, kind }, String(value), sizes));
}

function textRow(place: Place, text: string, sizes: Sizes): ArgRow {
  const folds = text.length > sizes.head + sizes.tail;
  const preview = folds ? text.slice(0, wholeCharacters(text, sizes.head)) : text;
  const tail = folds ? text.slice(wholeCharacters(text, text.length - sizes.tail)) : '';
  const bytes = utf8(text).length;
  return {
    ...place,
    preview,
    tail,
    whole: text,
    bytes,
    foldedBytes: folds ? bytes - utf8(preview).length - utf8(tail).length : 0,
    members: 0,
    hidden: hasHidden(place.key) || hasHidden(text, { multiline: true }),
  };
}

function containerRow(place: Place, members: number, value: JsonValue): ArgRow {
  const bytes = utf8(JSON.stringify(value)).length;
  return { ...place, preview: '', tail: '', whole: '', bytes, foldedBytes: 0, members, hidden: hasHidden(place.key) };
}

/** Moves a cut that would split a surrogate pair to before the pair. */
function wholeCharacters(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}

/** Members in the order of the hashed bytes: a parsed object puts integer-like keys first, JCS sorts by UTF-16 unit. */
function membersOf(object: JsonObject): readonly (readonly [string, JsonValue])[] {
  return Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
}
