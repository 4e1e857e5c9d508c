'use client';

import { Eye, Plus } from 'lucide-react';
import { useState } from 'react';
import { runningWindows, stageOf } from '#components/shell/observe-stage.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { useObserve } from '#lib/client/use-exceptions.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { ObserveList } from '#lib/contracts/exceptions.ts';
import { ObserveItem } from './observe-item.tsx';

const openObserveDialog = arriving(
  () => import('#components/observe-form/open-observe-dialog.tsx').then((file) => file.OpenObserveDialog),
  'at-rest',
);
const SHOWN_ENDED = 5;

/** Controls, rules and servers that only watch for a while: calls pass, and what would have happened is counted. */
export function ObserveCard() {
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
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-20" />}>
        {(list) => <Windows list={list} now={now} />}
      </Loaded>
      {OpenObserveDialog !== null && <OpenObserveDialog open={opening} onOpenChange={setOpening} />}
    </Card>
  );
}

function Windows({ list, now }: { readonly list: ObserveList; readonly now: number }) {
  const [all, setAll] = useState(false);
  const open = list.items.filter((window) => stageOf(window, now) !== 'ended');
  const ended = list.items.filter((window) => stageOf(window, now) === 'ended');
  const shown = [...open, ...(all ? ended : ended.slice(0, SHOWN_ENDED))];
  const top = Math.max(0, ...shown.flatMap((window) => [window.wouldHold, window.wouldDeny]));
  if (shown.length === 0) {
    return (
      <p className="flex items-center gap-3 px-3.5 py-5">
        <Eye aria-hidden="true" className="size-5 shrink-0 text-low" />
        <span>
          <b className="font-semibold">Everything is enforced.</b>{' '}
          <span className="text-ink-2">A window lets calls pass for a while and counts what would have happened.</span>
        </span>
      </p>
    );
  }
  return (
    <>
      <ul>
        {shown.map((window) => (
          <ObserveItem key={window.id} window={window} top={top} />
        ))}
      </ul>
      {!all && ended.length > SHOWN_ENDED && (
        <p className="border-t px-2 py-1.5">
          <Button size="sm" variant="ghost" onClick={() => setAll(true)}>
            Show {plural(ended.length - SHOWN_ENDED, 'older window')}
          </Button>
        </p>
      )}
    </>
  );
}
