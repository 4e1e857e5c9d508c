import type { ArgRow } from '#lib/core/args/view.ts';

/** Paths of the fields that have the text, in order, and how often it is there in all. */
export type ArgMatches = { readonly paths: readonly string[]; readonly hits: number };

const MOST_HITS = 10_000;

/** Looks for a text in names and whole values, folded parts included, whatever its case. Nothing is found for nothing. */
export function searchArgs(rows: readonly ArgRow[], query: string): ArgMatches {
  const wanted = query.toLowerCase();
  if (wanted === '') return { paths: [], hits: 0 };
  const paths: string[] = [];
  let hits = 0;
  for (const row of rows) {
    const found = count(row.key, wanted) + count(row.whole, wanted);
    if (found === 0) continue;
    paths.push(row.path);
    hits += found;
  }
  return { paths, hits };
}

/** Where a text is found first; -1 where it is not, or nothing is searched. */
export function findHit(text: string, query: string): number {
  return query === '' ? -1 : text.toLowerCase().indexOf(query.toLowerCase());
}

/** A text cut at what was searched for; with nothing searched, or too much found, it stays whole. */
export function cutAtHits(text: string, query: string): readonly { readonly text: string; readonly hit: boolean }[] {
  const wanted = query.toLowerCase();
  const lower = text.toLowerCase();
  // A character whose small form is longer would shift every cut after it.
  if (wanted === '' || lower.length !== text.length) return [{ text, hit: false }];
  const parts: { text: string; hit: boolean }[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && parts.length < 1_000; at = lower.indexOf(wanted, from)) {
    if (at > from) parts.push({ text: text.slice(from, at), hit: false });
    parts.push({ text: text.slice(at, at + wanted.length), hit: true });
    from = at + wanted.length;
  }
  return from < text.length || parts.length === 0 ? [...parts, { text: text.slice(from), hit: false }] : parts;
}

function count(text: string, wanted: string): number {
  const lower = text.toLowerCase();
  let found = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && found < MOST_HITS; at = lower.indexOf(wanted, at + wanted.length)) {
    found += 1;
  }
  return found;
}
