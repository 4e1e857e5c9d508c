'use client';

import { lazy, Suspense, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { plural } from '#lib/client/format.ts';
import { useLive } from '#lib/client/live.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { type BatchItem, blockBatchApprove, blockBatchDeny } from './judge-batch.ts';
import type { Selection } from './use-selection.ts';
import type { Decision } from './use-vote.ts';

const BatchDialog = lazy(() => import('./batch-dialog.tsx').then((file) => ({ default: file.BatchDialog })));
type Opened = { readonly decision: Decision; readonly items: readonly BatchItem[] };

/** What can be done with the selected requests. Opens a dialog that lists them; only that decides. */
export function BatchBar({ selection }: { readonly selection: Selection }) {
  const stale = useLive().state === 'stale';
  const roleBar = useRoleBar('reviewer');
  const [opened, setOpened] = useState<Opened | null>(null);
  const { items } = selection;
  const blocked = roleBar ?? blockBatchApprove(items, stale);
  if (items.length === 0 && opened === null) return null;
  return (
    <section
      aria-label="Selected requests"
      className="sticky bottom-0 flex flex-wrap items-center gap-2 border-t bg-panel px-4 py-2 max-desk:bottom-12"
    >
      <p role="status" className="font-semibold">
        {plural(items.length, 'request')} selected
      </p>
      <Button size="sm" variant="ghost" onClick={selection.clear}>
        Clear
      </Button>
      <span className="ml-auto flex gap-2">
        <Button
          size="sm"
          disabledReason={roleBar ?? blockBatchDeny(items)}
          onClick={() => setOpened({ decision: 'deny', items })}
        >
          Deny…
        </Button>
        <Button
          size="sm"
          variant="primary"
          disabledReason={blocked}
          onClick={() => setOpened({ decision: 'approve', items })}
        >
          Approve…
        </Button>
      </span>
      {blocked !== null && items.length > 1 && <p className="w-full text-ink-2 text-xs">{blocked}</p>}
      {opened !== null && (
        <Suspense fallback={null}>
          <BatchDialog
            decision={opened.decision}
            items={opened.items}
            onSent={selection.clear}
            onClose={() => setOpened(null)}
          />
        </Suspense>
      )}
    </section>
  );
}
