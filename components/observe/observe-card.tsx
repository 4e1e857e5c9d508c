'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { runningWindows } from '#components/shell/observe-stage.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { useObserve } from '#lib/client/use-exceptions.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';

const observeWindows = arriving(() => import('./observe-windows.tsx').then((file) => file.ObserveWindows), 'at-once');

const openObserveDialog = arriving(
  () => import('#components/observe-form/open-observe-dialog.tsx').then((file) => file.OpenObserveDialog),
  'at-rest',
);

/** Controls, rules and servers that only watch for a while: calls pass, and what would have happened is counted. */
export function ObserveCard() {
  const ObserveWindows = useArrived(observeWindows);
  const query = useObserve();
  const now = useNow();
  const [opening, setOpening] = useState(false);
  const OpenObserveDialog = useArrived(openObserveDialog, opening);
  const bar = useRoleBar('admin', 'security');
  const running = runningWindows(query.data?.items ?? [], now).length;
  return (
    <Card
      title="Observe"
      aside={
        <span className="flex items-center gap-3">
          {running > 0 && plural(running, 'window runs', 'windows run')}
          <Button size="sm" disabledReason={bar} onClick={() => setOpening(true)}>
            <Plus aria-hidden="true" className="size-3.5" />
            Open a window
          </Button>
        </span>
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-20" />} arrived={ObserveWindows !== null}>
        {(list) => ObserveWindows !== null && <ObserveWindows list={list} now={now} />}
      </Loaded>
      {OpenObserveDialog !== null && <OpenObserveDialog open={opening} onOpenChange={setOpening} />}
    </Card>
  );
}
