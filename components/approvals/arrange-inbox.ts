import { compareByRisk, compareText } from '#components/shell/compare-by-risk.ts';
import { formatDay } from '#lib/client/time.ts';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';

/** A line of the inbox: a heading, or a request. `gone` = no longer in this folder, kept in place while the list is in use. */
export type InboxItem =
  | { readonly kind: 'heading'; readonly id: string; readonly text: string; readonly aside: string }
  | { readonly kind: 'row'; readonly id: string; readonly row: ApprovalSummary; readonly gone: boolean };
type Rows = readonly ApprovalSummary[];
/** How a folder sorts its rows into groups. */
export type Arrange = (rows: Rows, nowMs: number) => readonly InboxItem[];

const SOON_MS = 5 * 60_000;

/** Sorts the requests that wait into two groups: high risk or little time left, and the rest. An empty one has no heading. */
export function arrangePending(rows: Rows, nowMs: number): readonly InboxItem[] {
  const soon = new Date(nowMs + SOON_MS).toISOString();
  const sorted = [...rows].sort(compareByRisk);
  const isUrgent = (row: ApprovalSummary) => row.tier === 'high' || row.expiresAt < soon;
  return [
    ...group('Waiting for you', 'by risk, then time left', sorted.filter(isUrgent)),
    ...group(
      'Can wait',
      'by time left',
      sorted.filter((row) => !isUrgent(row)),
    ),
  ];
}

/** The reader's own agents: what still waits, worst first, then what was decided, newest first. */
export function arrangeMine(rows: Rows): readonly InboxItem[] {
  return [
    ...group(
      'Others decide now',
      'by risk, then time left',
      rows.filter((row) => row.status === 'pending').sort(compareByRisk),
    ),
    ...group('Decided', 'newest first', rows.filter((row) => row.status !== 'pending').sort(compareNewest)),
  ];
}

/** What was decided, by the day it was asked on, newest first. */
export function arrangeHistory(rows: Rows): readonly InboxItem[] {
  const days = new Map<string, ApprovalSummary[]>();
  for (const row of [...rows].sort(compareNewest)) {
    const day = formatDay(row.requestedAt);
    const known = days.get(day);
    if (known === undefined) days.set(day, [row]);
    else known.push(row);
  }
  return [...days].flatMap(([day, of]) => group(day, '', of));
}

function compareNewest(a: ApprovalSummary, b: ApprovalSummary): number {
  return compareText(b.requestedAt, a.requestedAt) || compareText(b.id, a.id);
}

function group(text: string, aside: string, rows: Rows): readonly InboxItem[] {
  if (rows.length === 0) return [];
  return [{ kind: 'heading', id: text, text, aside }, ...rows.map((row) => rowItem(row, false))];
}

function rowItem(row: ApprovalSummary, gone: boolean): InboxItem {
  return { kind: 'row', id: row.id, row, gone };
}

const NEW_HEADING = 'Just came in';

/**
 * Brings the lines up to date without moving any: what went stays as `gone`, what came stands at the end.
 * Used while somebody points at or has focus in the list: a row that slides away under a finger is how the wrong request
 * gets opened (T36).
 */
export function updateInPlace(before: readonly InboxItem[], rows: Rows): readonly InboxItem[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = before.map((item): InboxItem => {
    if (item.kind === 'heading') return item;
    const row = byId.get(item.id);
    byId.delete(item.id);
    if (row === undefined) return item.gone ? item : rowItem(item.row, true);
    return row === item.row && !item.gone ? item : rowItem(row, false);
  });
  const came = [...byId.values()].sort(compareByRisk).map((row) => rowItem(row, false));
  if (came.length === 0 || kept.some((item) => item.id === NEW_HEADING)) return [...kept, ...came];
  return [...kept, { kind: 'heading', id: NEW_HEADING, text: NEW_HEADING, aside: 'not yet sorted in' }, ...came];
}

/** How many lines stand unsorted at the end. */
export function countUnsorted(items: readonly InboxItem[]): number {
  const at = items.findIndex((item) => item.id === NEW_HEADING);
  return at === -1 ? 0 : items.slice(at + 1).filter((item) => item.kind === 'row' && !item.gone).length;
}
