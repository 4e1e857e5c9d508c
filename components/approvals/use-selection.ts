'use client';

import { useState } from 'react';
import type { ApprovalSummary } from '#lib/contracts/approval-rows.ts';
import type { BatchItem } from './judge-batch.ts';

/**
 * What is selected for a batch: a frozen list. Each item keeps the digest that stood in its line when it was ticked, and
 * nothing that comes in later joins by itself.
 */
export function useSelection() {
  const [selected, setSelected] = useState<ReadonlyMap<string, BatchItem>>(new Map());
  return {
    items: [...selected.values()],
    has: (id: string) => selected.has(id),
    toggle: (row: ApprovalSummary) =>
      setSelected((now) => {
        const next = new Map(now);
        if (!next.delete(row.id)) {
          const { id, digest, server, tool, tier, agent, argsPreview } = row;
          next.set(id, { id, digest, server, tool, tier, agent, argsPreview });
        }
        return next;
      }),
    clear: () => setSelected(new Map()),
  };
}
export type Selection = ReturnType<typeof useSelection>;
