import type { QueryClient } from '@tanstack/react-query';
import { type ApprovalSummary, approvalsPageSchema, MOST_IDS } from '#lib/contracts/approval-rows.ts';
import { filterWords, matchesWords } from '#lib/core/approvals/inbox-filter.ts';
import { api, withQuery } from './api.ts';
import { type InboxFolder, type InboxPages, mergeRows, newestOf, rowsOf } from './live-rows.ts';
import { queryKeys } from './query-keys.ts';

/** Between two questions for what changed, at least. Fifty arrivals a second are eight questions, not fifty. */
const REST_MS = 120;
/** While the whole list is on its way its pages would overwrite single lines: they wait for it. */
const LISTING_MS = 60;
const FOLDERS = ['pending', 'mine', 'history'] as const satisfies readonly InboxFolder[];

export type FeedDeps = {
  /** Reads these requests; null when no answer could be had. */
  readonly read: (ids: readonly string[]) => Promise<readonly ApprovalSummary[] | null>;
  readonly merge: (rows: readonly ApprovalSummary[]) => void;
  /** Whether a whole list is being read right now. */
  readonly isListing: () => boolean;
  /** Reads the lists whole: too much changed to ask one by one, or it is unknown what. */
  readonly readAll: () => void;
};

/**
 * Collects the requests that hints name and reads just these, the first at once and then in gulps. What is named while a
 * question runs is asked in the next one, so that the last word about a request is always read after its last hint.
 */
export function createRequestFeed({ read, merge, isListing, readAll }: FeedDeps) {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading = false;
  let stopped = false;

  function wake(afterMs: number): void {
    if (timer !== undefined || reading || stopped || waiting.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      void turn();
    }, afterMs);
  }

  async function turn(): Promise<void> {
    if (isListing()) return wake(LISTING_MS);
    if (waiting.size > MOST_IDS) {
      waiting.clear();
      readAll();
      return;
    }
    const ids = [...waiting];
    waiting.clear();
    reading = true;
    const startedMs = Date.now();
    const rows = await read(ids).catch(() => null);
    reading = false;
    if (stopped) return;
    if (rows === null) readAll();
    else merge(rows);
    // A list that began meanwhile may have been read before these were written: they are asked for once more after it.
    if (rows !== null && isListing()) for (const id of ids) waiting.add(id);
    wake(Math.max(REST_MS, Date.now() - startedMs));
  }

  return {
    note(id: string): void {
      waiting.add(id);
      wake(0);
    },
    stop(): void {
      stopped = true;
      clearTimeout(timer);
      waiting.clear();
    },
  };
}

/** Puts rows that were just read into every list that this page holds. */
export function mergeRequests(client: QueryClient, rows: readonly ApprovalSummary[]): void {
  const fresh = rows.map(newestOf(client));
  for (const folder of FOLDERS) {
    const lists = client.getQueriesData<InboxPages>({ queryKey: [...queryKeys.approvals.list(folder)] });
    for (const [queryKey, data] of lists) {
      if (data === undefined) continue;
      // What a search found is brought up to date, and what it would find by now is put in.
      const words = filterWords(String(queryKey[3] ?? ''));
      const known = new Set(words.length === 0 ? [] : rowsOf(data).map((row) => row.id));
      const concerned = fresh.filter((row) => known.has(row.id) || matchesWords(row, words));
      client.setQueryData<InboxPages>(queryKey, mergeRows(folder, data, concerned));
    }
  }
}

/** The feed of this page's lists. */
export function feedRequests(client: QueryClient) {
  const lists = { queryKey: [...queryKeys.approvals.lists] };
  const readAll = () => void client.invalidateQueries(lists);
  return createRequestFeed({
    read: async (ids) => {
      // Nothing has been listed yet: whoever lists it later reads it whole.
      if (client.getQueriesData(lists).every(([, data]) => data === undefined)) return [];
      const answer = await api.get(withQuery('/api/v1/approvals', { ids: ids.join(',') }), approvalsPageSchema);
      return answer.ok ? answer.value.items : null;
    },
    merge: (rows) => mergeRequests(client, rows),
    isListing: () => client.isFetching(lists) > 0,
    readAll,
  });
}
