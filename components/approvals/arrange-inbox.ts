import type { ApprovalSummary } from '#lib/contracts/approvals.ts';
import { TIERS } from '#lib/core/risk/types.ts';

/** A line of the inbox: a heading, or a request. `gone` = no longer waiting, kept in place while the list is in use. */
export type InboxItem =
  | { readonly kind: 'heading'; readonly id: string; readonly text: string; readonly aside: string }
  | { readonly kind: 'row'; readonly id: string; readonly row: ApprovalSummary; readonly gone: boolean };

const SOON_MS = 5 * 60_000;

/** Worst first: higher tier, then less time left, then the older one, then the id so that the order never flickers. */
export function compareByUrgency(a: ApprovalSummary, b: ApprovalSummary): number {
  return (
    TIERS.indexOf(b.tier) - TIERS.indexOf(a.tier) ||
    Date.parse(a.expiresAt) - Date.parse(b.expiresAt) ||
    Date.parse(a.requestedAt) - Date.parse(b.requestedAt) ||
    (a.id < b.id ? -1 : 1)
  );
}

/** What waits for this reader: high risk, or little time left. The rest can wait. */
function isUrgent(row: ApprovalSummary, nowMs: number): boolean {
  return row.tier === 'high' || Date.parse(row.expiresAt) - nowMs < SOON_MS;
}

/** Sorts the requests that wait into two groups. An empty group has no heading. */
export function arrangePending(rows: readonly ApprovalSummary[], nowMs: number): readonly InboxItem[] {
  const sorted = [...rows].sort(compareByUrgency);
  const urgent = sorted.filter((row) => isUrgent(row, nowMs));
  const later = sorted.filter((row) => !isUrgent(row, nowMs));
  return [...group('Waiting for you', 'by risk, then time left', urgent), ...group('Can wait', 'by time left', later)];
}

function group(text: string, aside: string, rows: readonly ApprovalSummary[]): readonly InboxItem[] {
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
export function updateInPlace(before: readonly InboxItem[], rows: readonly ApprovalSummary[]): readonly InboxItem[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const kept = before.map((item): InboxItem => {
    if (item.kind === 'heading') return item;
    const row = byId.get(item.id);
    byId.delete(item.id);
    return row === undefined ? rowItem(item.row, true) : rowItem(row, false);
  });
  const came = [...byId.values()].sort(compareByUrgency).map((row) => rowItem(row, false));
  if (came.length === 0 || kept.some((item) => item.id === NEW_HEADING)) return [...kept, ...came];
  return [...kept, { kind: 'heading', id: NEW_HEADING, text: NEW_HEADING, aside: 'not yet sorted in' }, ...came];
}

/** How many lines stand unsorted at the end. */
export function countUnsorted(items: readonly InboxItem[]): number {
  const at = items.findIndex((item) => item.id === NEW_HEADING);
  return at === -1 ? 0 : items.slice(at + 1).filter((item) => item.kind === 'row' && !item.gone).length;
}
