'use client';

import { Eye } from 'lucide-react';
import { useState } from 'react';
import { stageOf } from '#components/shell/observe-stage.ts';
import { Button } from '#components/ui/button.tsx';
import { plural } from '#lib/client/format.ts';
import type { ObserveList } from '#lib/contracts/exceptions.ts';
import { ObserveItem } from './observe-item.tsx';

const SHOWN_ENDED = 5;

/** What only watches now, what was asked for, and what ended lately. */
export function ObserveWindows({ list, now }: { readonly list: ObserveList; readonly now: number }) {
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
