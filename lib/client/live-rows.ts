// The lines of the inbox as the browser holds them: how single ones are brought up to date, and never back in time.
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { ApprovalSummary, ApprovalsPage } from '#lib/contracts/approval-rows.ts';

export type InboxFolder = 'pending' | 'history' | 'mine';
export type InboxPages = InfiniteData<ApprovalsPage, unknown>;

/** Requests come and go for days in an open tab: the oldest are forgotten. */
const MOST_REMEMBERED = 6000;

/**
 * Remembers the newest version of every request that was read. An answer that was on its way while a newer one came
 * (a slow poll, a reordered socket) is replaced by what is known, so that nothing decided turns up as waiting (T43).
 */
export function createNewest(most = MOST_REMEMBERED) {
  const known = new Map<string, ApprovalSummary>();
  return (row: ApprovalSummary): ApprovalSummary => {
    const before = known.get(row.id);
    if (before !== undefined && before.version > row.version) return before;
    if (known.size >= most) for (const id of [...known.keys()].slice(0, most / 4)) known.delete(id);
    known.set(row.id, row);
    return row;
  };
}

const newest = new WeakMap<QueryClient, ReturnType<typeof createNewest>>();

/** What this page knows to be the newest of every request it read. */
export function newestOf(client: QueryClient): ReturnType<typeof createNewest> {
  const known = newest.get(client) ?? createNewest();
  newest.set(client, known);
  return known;
}

function isIn(folder: InboxFolder, row: ApprovalSummary): boolean {
  switch (folder) {
    case 'pending':
      return row.status === 'pending';
    case 'history':
      return row.status !== 'pending';
    case 'mine':
      return row.mine;
  }
}

/** A page as it came, with what is known to be newer in its place and without what left the folder since. */
export function freshenPage(
  folder: InboxFolder,
  page: ApprovalsPage,
  newest: (row: ApprovalSummary) => ApprovalSummary,
): ApprovalsPage {
  return { ...page, items: page.items.map(newest).filter((row) => isIn(folder, row)) };
}

/** The rows of a folder. One that was merged in and came with a later page as well stands once. */
export function rowsOf(data: InboxPages | undefined): readonly ApprovalSummary[] {
  if (data === undefined) return [];
  const rows = new Map<string, ApprovalSummary>();
  for (const page of data.pages) {
    for (const row of page.items) {
      const before = rows.get(row.id);
      if (before === undefined || before.version <= row.version) rows.set(row.id, row);
    }
  }
  return [...rows.values()];
}

/**
 * Puts single rows where they belong: in place of the line they had, at the end they came in at, or nowhere. Of two
 * versions the newer one stays. Pages that nothing concerns stay the same objects, so that nothing of them is drawn anew.
 */
export function mergeRows(folder: InboxFolder, data: InboxPages, changed: readonly ApprovalSummary[]): InboxPages {
  const fresh = new Map(changed.map((row) => [row.id, row]));
  const pages = data.pages.map((page) => {
    let touched = false;
    const items = page.items.flatMap((old) => {
      const row = fresh.get(old.id);
      if (row === undefined) return [old];
      fresh.delete(old.id);
      if (row.version < old.version) return [old];
      touched = true;
      return isIn(folder, row) ? [row] : [];
    });
    return touched ? { ...page, items } : page;
  });
  const came = [...fresh.values()].filter((row) => isIn(folder, row));
  const at = folder === 'pending' ? pages.length - 1 : 0;
  const page = pages[at];
  if (came.length > 0 && page !== undefined) {
    pages[at] = { ...page, items: folder === 'pending' ? [...page.items, ...came] : [...came, ...page.items] };
  }
  return pages.every((one, index) => one === data.pages[index]) ? data : { ...data, pages };
}
