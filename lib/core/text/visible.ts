import { hiddenName } from './hidden-characters.ts';

/** A run of plain text, or one hidden character with the label to show in its place. */
export type VisibleSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'marker'; readonly text: string; readonly codePoint: number; readonly name: string };

/** `multiline` keeps line feed and tab as they are; a carriage return stays marked, because it overwrites a line. */
export type VisibleOptions = { readonly multiline?: boolean };

const PLAIN_ASCII = /^[\x20-\x7e]*$/;
/** Letters of Europe besides, and line ends: most long texts are no more than this, and are judged in one go. */
const PLAIN_LINES = /^[\t\n\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff]*$/;

/**
 * Splits a text into what may be shown as it is and what must be shown as a marker.
 *
 * The attacker wants the reviewer to see something else than what runs: bidi controls reorder, zero-width and tag
 * characters hide, escape sequences repaint a terminal, fillers look like spaces. Joining the `text` of plain segments
 * and the characters of markers gives back the input exactly; nothing is dropped.
 */
export function visibleSegments(text: string, options: VisibleOptions = {}): readonly VisibleSegment[] {
  if (PLAIN_ASCII.test(text) || (options.multiline === true && PLAIN_LINES.test(text))) {
    return text === '' ? [] : [{ kind: 'text', text }];
  }
  const segments: VisibleSegment[] = [];
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    const codePoint = text.codePointAt(at) ?? 0;
    const width = codePoint > 0xffff ? 2 : 1;
    const name = nameToShow(codePoint, options);
    if (name !== null) {
      if (at > plainFrom) segments.push({ kind: 'text', text: text.slice(plainFrom, at) });
      segments.push({ kind: 'marker', text: `${label(codePoint)} ${name}`, codePoint, name });
      plainFrom = at + width;
    }
    at += width;
  }
  if (plainFrom < text.length) segments.push({ kind: 'text', text: text.slice(plainFrom) });
  return segments;
}

/** The text as one string for terminals, CSV and logs: hidden characters as `⟨U+202E⟩`. */
export function toVisible(text: string, options: VisibleOptions = {}): string {
  return visibleSegments(text, options)
    .map((segment) => (segment.kind === 'text' ? segment.text : `⟨${label(segment.codePoint)}⟩`))
    .join('');
}

/**
 * A JSON text with every hidden character written as the escape of JSON, `\u202e`: it reads the same to a program, and
 * neither a terminal nor a viewer of logs is turned around by it. Controls below U+0020 are escaped in JSON anyway.
 */
export function toVisibleJson(json: string): string {
  if (PLAIN_LINES.test(json)) return json;
  let shown = '';
  for (const character of json) {
    const codePoint = character.codePointAt(0) ?? 0;
    shown += codePoint < 0x7f || hiddenName(codePoint) === null ? character : jsonEscapes(character);
  }
  return shown;
}

function jsonEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Whether a text has anything a person would not see. Line feeds and tabs do not count as hidden when `multiline`. */
export function hasHidden(text: string, options: VisibleOptions = {}): boolean {
  if (PLAIN_ASCII.test(text) || (options.multiline === true && PLAIN_LINES.test(text))) return false;
  for (const character of text) if (nameToShow(character.codePointAt(0) ?? 0, options) !== null) return true;
  return false;
}

function nameToShow(codePoint: number, options: VisibleOptions): string | null {
  if (options.multiline === true && (codePoint === 0x0a || codePoint === 0x09)) return null;
  return hiddenName(codePoint);
}

function label(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
