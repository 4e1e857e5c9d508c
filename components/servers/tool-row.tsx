'use client';

import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierBadge } from '#components/shell/tier-badge.tsx';
import { cx } from '#components/ui/class-names.ts';
import { classWords } from '#lib/client/format.ts';
import type { Tool } from '#lib/contracts/servers.ts';
import { PinBadge } from './pin-badge.tsx';
import { ToolPanel } from './tool-panel.tsx';

type Props = {
  readonly serverId: string;
  readonly tool: Tool;
  readonly bar: string | null;
  readonly onAccept: () => void;
};

/** One tool: its name and tag; opened, everything that is known of it. */
export function ToolRow({ serverId, tool, bar, onAccept }: Props) {
  const [open, setOpen] = useState(false);
  const panelId = useId();
  return (
    <li className="border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={panelId}
        onClick={() => setOpen(!open)}
        className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 px-3.5 py-2 text-left hover:bg-sunken focus-visible:-outline-offset-2"
      >
        <ChevronRight
          aria-hidden="true"
          className={cx('size-3.5 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
        />
        <SafeText text={tool.name} className="min-w-0 flex-1 basis-44 font-medium font-mono text-[0.78125rem]" />
        <span className="ml-6.5 flex flex-wrap items-center gap-2 sm:ml-0">
          <span className="text-ink-3 text-xs">{classWords(tool.actionClass)}</span>
          <span className="sm:w-[4.75rem]">
            <TierBadge tier={tool.tier} />
          </span>
          <span className="sm:w-[5.5rem]">
            <PinBadge state={tool.pinState} />
          </span>
        </span>
      </button>
      <div id={panelId} hidden={!open}>
        {open && <ToolPanel serverId={serverId} tool={tool} bar={bar} onAccept={onAccept} />}
      </div>
    </li>
  );
}
