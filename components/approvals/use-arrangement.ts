'use client';

import { useEffect, useState } from 'react';
import { serverNow } from '#lib/client/time.ts';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import { type Arrange, countUnsorted, type InboxItem, updateInPlace } from './arrange-inbox.ts';

/** Fifty arrivals a second are sorted in eight times a second: more often nobody can read, and the page would stutter. */
const SORT_EVERY_MS = 120;

/** `of` names the list: another name is another list, which is sorted at once. */
type List = { readonly of: string; readonly arrange: Arrange };
type Arrangement = {
  readonly rows: readonly ApprovalSummary[];
  readonly list: List;
  readonly inUse: boolean;
  readonly items: readonly InboxItem[];
  readonly sortedMs: number;
  /** Lines stand where they are only because the last sorting was a moment ago. */
  readonly due: boolean;
};

/**
 * The order in which the requests stand. While the list is in use nothing moves; when it is left, or the reader asks for
 * it, everything is sorted anew.
 */
export function useArrangement(rows: readonly ApprovalSummary[], list: List, inUse: boolean) {
  const sorted = (): Arrangement => ({
    rows,
    list,
    inUse,
    items: list.arrange(rows, serverNow()),
    sortedMs: performance.now(),
    due: false,
  });
  const [now, setArrangement] = useState(sorted);
  // React's own way to follow a prop: adjusted while rendering, before anything is painted.
  if (now.list.of !== list.of || (now.inUse && !inUse)) {
    setArrangement(sorted());
  } else if (now.rows !== rows || now.inUse !== inUse) {
    const due = !inUse && performance.now() - now.sortedMs < SORT_EVERY_MS;
    setArrangement(inUse || due ? { ...now, rows, inUse, items: updateInPlace(now.items, rows), due } : sorted());
  }
  const { due, sortedMs } = now;
  useEffect(() => {
    if (!due) return;
    const sortIn = () =>
      setArrangement((at) =>
        at.due ? { ...at, items: at.list.arrange(at.rows, serverNow()), sortedMs: performance.now(), due: false } : at,
      );
    const timer = setTimeout(sortIn, Math.max(0, sortedMs + SORT_EVERY_MS - performance.now()));
    return () => clearTimeout(timer);
  }, [due, sortedMs]);
  return {
    items: now.items,
    unsorted: due ? 0 : countUnsorted(now.items),
    sortNow: () => setArrangement(sorted()),
  };
}
