import { type ArgRow, argRows } from '#lib/core/args/view.ts';
import { BLANKS_COUNTED } from './text-blocks.ts';

export type RowMark = 'same' | 'changed' | 'new';
export type ComparedRow = { readonly row: ArgRow; readonly mark: RowMark; readonly before: string | null };
export type Comparison = { readonly rows: readonly ComparedRow[]; readonly removed: readonly ArgRow[] };

/** Puts each field beside the same field of an earlier call, by JSON path. Whole values are compared, not what is shown. */
export function compareArgs(canonical: string, earlier: string | null): Comparison {
  const rows = argRows(canonical);
  if (earlier === null) return { rows: rows.map((row) => ({ row, mark: 'same', before: null })), removed: [] };
  const now = new Set(rows.map((row) => row.path));
  const then = new Map(argRows(earlier).map((row) => [row.path, row]));
  const marked = rows.map((row): ComparedRow => {
    const old = then.get(row.path);
    if (old === undefined) return { row, mark: 'new', before: null };
    // A container changes when its members do; these are marked themselves.
    const isContainer = row.kind === 'object' || row.kind === 'array';
    if (old.kind === row.kind && (isContainer || old.whole === row.whole)) return { row, mark: 'same', before: null };
    return { row, mark: 'changed', before: old.whole };
  });
  return { rows: marked, removed: [...then.values()].filter((row) => !now.has(row.path)) };
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

/** What follows in a changed text: the same in both, only in the earlier one, only in this one. */
export type DiffPart = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string };

const MOST_PAIRS = 250_000;
const LEAST_SHARED = 0.35;

/**
 * Two texts word by word. Between the ends they share, the longest common row of words is kept; texts too long for that
 * are shown as one piece that went and one that came.
 */
export function diffWords(before: string, after: string): readonly DiffPart[] {
  const { head, removed, added, tail } = splitChange(before, after);
  const old = wordsOf(removed);
  const fresh = wordsOf(added);
  const words = old.length * fresh.length > MOST_PAIRS ? [] : commonWords(old, fresh);
  // Two texts that share a few words by chance are two texts: interleaved, neither could be read.
  const middle =
    sharedPart(words, removed, added) < LEAST_SHARED ? [part('removed', removed), part('added', added)] : words;
  return [part('same', head), ...inBlocks(middle), part('same', tail)].filter(({ text }) => text !== '');
}

function sharedPart(words: readonly DiffPart[], removed: string, added: string): number {
  const shared = words.reduce((sum, { kind, text }) => (kind === 'same' ? sum + text.trim().length : sum), 0);
  return shared / Math.max(1, Math.min(removed.length, added.length));
}

function part(kind: DiffPart['kind'], text: string): DiffPart {
  return { kind, text };
}

function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];
}

function commonWords(old: readonly string[], fresh: readonly string[]): readonly DiffPart[] {
  const width = fresh.length + 1;
  // lengths[i * width + j]: how many words old[i..] and fresh[j..] have in common, in order.
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      lengths[i * width + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: DiffPart[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    const [was, is] = [old[i], fresh[j]];
    if (was !== undefined && was === is) {
      parts.push(part('same', was));
      i += 1;
      j += 1;
    } else if (is === undefined || (was !== undefined && at(i + 1, j) >= at(i, j + 1))) {
      parts.push(part('removed', was ?? ''));
      i += 1;
    } else {
      parts.push(part('added', is));
      j += 1;
    }
  }
  return parts;
}

/** Neighbours as one: what went before what came, and a blank that two changed words share is no island between them. */
function inBlocks(parts: readonly DiffPart[]): readonly DiffPart[] {
  const blocks: DiffPart[] = [];
  let removed = '';
  let added = '';
  const flush = () => {
    if (removed !== '') blocks.push(part('removed', removed));
    if (added !== '') blocks.push(part('added', added));
    removed = '';
    added = '';
  };
  parts.forEach(({ kind, text }, i) => {
    const next = parts[i + 1];
    const isIsland =
      kind === 'same' && /^\s+$/.test(text) && removed + added !== '' && next !== undefined && next.kind !== 'same';
    if (isIsland || kind === 'removed') removed += text;
    if (isIsland || kind === 'added') added += text;
    if (kind !== 'same' || isIsland) return;
    flush();
    const last = blocks.at(-1);
    if (last?.kind === 'same') blocks[blocks.length - 1] = part('same', last.text + text);
    else blocks.push(part('same', text));
  });
  flush();
  return blocks;
}

const BLANK_RUN = new RegExp(`\\s{${BLANKS_COUNTED},}`);
const BLANK_RUNS = new RegExp(BLANK_RUN, 'g');

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

/** `danger`: somebody may be lying to the reader's eyes. */
export type Warning = { readonly tone: 'danger' | 'warning'; readonly text: string };

/** What a reader should know before reading: tricks that hide things, in sentences. */
export function listWarnings(rows: readonly ArgRow[]): readonly Warning[] {
  const hidden = rows.filter((row) => row.hidden);
  const padded = rows.filter((row) => BLANK_RUN.test(row.preview) || BLANK_RUN.test(row.tail));
  const folded = rows.filter((row) => row.foldedBytes > 0);
  const bytes = folded.reduce((sum, row) => sum + row.foldedBytes, 0);
  const warnings: Warning[] = [];
  const warn = (tone: Warning['tone'], text: string) => warnings.push({ tone, text });
  if (hidden.length > 0) warn('danger', `Hidden characters in ${nameAll(hidden)} are shown, not applied.`);
  if (padded.length > 0) warn('warning', `Long blank runs in ${nameAll(padded)} are shown as a count.`);
  if (folded.length > 0)
    warn('warning', `${bytes.toLocaleString('en-US')} bytes of ${nameAll(folded)} are folded below.`);
  if (rows.some((row) => row.kind === 'unreadable')) warn('danger', 'The arguments are not readable as JSON.');
  return warnings;
}

/** Paths, not names: a name may itself be padded or deceptive, and is shown in its own row. */
function nameAll(rows: readonly ArgRow[]): string {
  return rows.length === 1 ? '1 field' : `${rows.length} fields`;
}
