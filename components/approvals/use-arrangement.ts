'use client';

import { useState } from 'react';
import { serverNow } from '#lib/client/time.ts';
import type { ApprovalSummary } from '#lib/contracts/approvals.ts';
import { arrangePending, countUnsorted, type InboxItem, updateInPlace } from './arrange-inbox.ts';

type Arrangement = {
  readonly rows: readonly ApprovalSummary[];
  readonly inUse: boolean;
  readonly items: readonly InboxItem[];
};

/**
 * The order in which the waiting requests stand. While the list is in use nothing moves; when it is left, or the reader
 * asks for it, everything is sorted anew.
 */
export function useArrangement(rows: readonly ApprovalSummary[], inUse: boolean) {
  const [arrangement, setArrangement] = useState<Arrangement>(() => ({
    rows,
    inUse,
    items: arrangePending(rows, serverNow()),
  }));
  // React's own way to follow a prop: adjusted while rendering, before anything is painted.
  if (arrangement.rows !== rows || (arrangement.inUse && !inUse)) {
    const items = inUse ? updateInPlace(arrangement.items, rows) : arrangePending(rows, serverNow());
    setArrangement({ rows, inUse, items });
  } else if (arrangement.inUse !== inUse) {
    setArrangement({ ...arrangement, inUse });
  }
  return {
    items: arrangement.items,
    unsorted: countUnsorted(arrangement.items),
    sortNow: () => setArrangement({ rows, inUse, items: arrangePending(rows, serverNow()) }),
  };
}
