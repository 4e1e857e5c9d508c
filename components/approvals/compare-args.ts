import { type ArgRow, argRows } from '#lib/core/args/view.ts';

export type RowMark = 'same' | 'changed' | 'new';
export type ComparedRow = { readonly row: ArgRow; readonly mark: RowMark; readonly before: string | null };
export type Comparison = { readonly rows: readonly ComparedRow[]; readonly removed: readonly ArgRow[] };

const WHOLE = { headUnits: Number.MAX_SAFE_INTEGER, tailUnits: 0 };

/** Puts each field beside the same field of an earlier call, by JSON path. Whole values are compared, not what is shown. */
export function compareArgs(canonical: string, earlier: string | null): Comparison {
  const rows = argRows(canonical);
  if (earlier === null) return { rows: rows.map((row) => ({ row, mark: 'same', before: null })), removed: [] };
  const now = new Map(argRows(canonical, WHOLE).map((row) => [row.path, row]));
  const then = new Map(argRows(earlier, WHOLE).map((row) => [row.path, row]));
  const marked = rows.map((row): ComparedRow => {
    const old = then.get(row.path);
    if (old === undefined) return { row, mark: 'new', before: null };
    const whole = now.get(row.path) ?? row;
    // A container changes when its members do; these are marked themselves.
    const isContainer = row.kind === 'object' || row.kind === 'array';
    if (old.kind === row.kind && (isContainer || old.preview === whole.preview))
      return { row, mark: 'same', before: null };
    return { row, mark: 'changed', before: old.preview };
  });
  return { rows: marked, removed: [...then.values()].filter((row) => !now.has(row.path)) };
}

/** The whole text of one field, for opening what was folded. */
export function wholeValue(canonical: string, path: string): string {
  return argRows(canonical, WHOLE).find((row) => row.path === path)?.preview ?? '';
}

/** Two texts as what they share at both ends and what lies between: enough to see which word was swapped. */
export function splitChange(before: string, after: string) {
  const limit = Math.min(before.length, after.length);
  let head = 0;
  while (head < limit && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < limit - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  // Whole words: a number that became another one must not read as a few of its digits.
  while (head > 0 && isInWord(before, head) && isInWord(after, head)) head -= 1;
  while (tail > 0 && isInWord(before, before.length - tail) && isInWord(after, after.length - tail)) tail -= 1;
  // Never cut a surrogate pair: half a character would be shown as a replacement mark.
  if (/[\uD800-\uDBFF]/.test(after.charAt(head - 1))) head -= 1;
  if (/[\uDC00-\uDFFF]/.test(after.charAt(after.length - tail))) tail -= 1;
  return {
    head: after.slice(0, head),
    removed: before.slice(head, before.length - tail),
    added: after.slice(head, after.length - tail),
    tail: after.slice(after.length - tail),
  };
}

const WORD = /[\p{L}\p{N}_]/u;

/** Whether a cut at this place would divide a word, in one of the two texts at least. */
function isInWord(text: string, at: number): boolean {
  return WORD.test(text.charAt(at - 1)) && (at >= text.length || WORD.test(text.charAt(at)));
}

const BLANK_RUN = /\s{24,}/;
const BLANK_RUNS = /\s{24,}/g;

/**
 * Cuts a text at its long blank runs, which stand as a count: padding that pushes the payload out of sight loses its
 * effect, and what follows it moves up to where it is read (T34).
 */
export function cutAtBlankRuns(
  text: string,
): readonly { readonly at: number; readonly text: string; readonly blanks: number }[] {
  const parts: { at: number; text: string; blanks: number }[] = [];
  let from = 0;
  for (const run of text.matchAll(BLANK_RUNS)) {
    parts.push({ at: from, text: text.slice(from, run.index), blanks: run[0].length });
    from = run.index + run[0].length;
  }
  return [...parts, { at: from, text: text.slice(from), blanks: 0 }];
}

/** What a reader should know before reading: tricks that hide things, in sentences. */
export function listWarnings(rows: readonly ArgRow[]): readonly string[] {
  const hidden = rows.filter((row) => row.hidden);
  const padded = rows.filter((row) => BLANK_RUN.test(row.preview) || BLANK_RUN.test(row.tail));
  const folded = rows.filter((row) => row.foldedBytes > 0);
  const bytes = folded.reduce((sum, row) => sum + row.foldedBytes, 0);
  const warnings: string[] = [];
  if (hidden.length > 0) warnings.push(`Hidden characters in ${nameAll(hidden)} are shown, not applied.`);
  if (padded.length > 0) warnings.push(`Long blank runs in ${nameAll(padded)} are shown as a count.`);
  if (folded.length > 0)
    warnings.push(`${bytes.toLocaleString('en-US')} bytes of ${nameAll(folded)} are folded below.`);
  if (rows.some((row) => row.kind === 'unreadable')) warnings.push('The arguments are not readable as JSON.');
  return warnings;
}

/** Paths, not names: a name may itself be padded or deceptive, and is shown in its own row. */
function nameAll(rows: readonly ArgRow[]): string {
  return rows.length === 1 ? '1 field' : `${rows.length} fields`;
}
