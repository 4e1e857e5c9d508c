import { toVisible } from '../text/visible.ts';

/** One cell: a number as it is, a text made safe; null is an empty cell. */
export type Cell = string | number | null;

/** What makes a spreadsheet take a cell for a formula; tab and return are looked past by some (OWASP, "CSV injection"). */
const STARTS_FORMULA = /^[\s]*[=+\-@\t\r＝＋－＠]/;

/**
 * A table as CSV (RFC 4180) for people who open it in a spreadsheet.
 *
 * Names in it are chosen by attackers: one that starts like a formula gets an apostrophe before it, or the spreadsheet of
 * whoever opens the export runs it. Hidden characters become their code points. Numbers are written as numbers.
 */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = STARTS_FORMULA.test(cell) ? `'${toVisible(cell)}` : toVisible(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
