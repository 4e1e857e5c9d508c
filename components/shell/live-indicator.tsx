'use client';

import { Radio, RefreshCw, Unplug } from 'lucide-react';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { useLive } from '#lib/client/live.ts';

const LOOKS = {
  live: { word: 'Live', hint: 'Changes show at once.', tone: 'text-low', Icon: Radio },
  polling: {
    word: 'Every 3 s',
    hint: 'The live line is down; asking every 3 seconds.',
    tone: 'text-medium',
    Icon: RefreshCw,
  },
  stale: {
    word: 'Stale',
    hint: 'The server has not answered for more than 10 seconds.',
    tone: 'text-high',
    Icon: Unplug,
  },
} as const;

/** How fresh this page is. */
export function LiveIndicator() {
  const { state } = useLive();
  const { word, hint, tone, Icon } = LOOKS[state];
  return (
    <Tooltip text={hint}>
      <span role="status" className="flex items-center gap-1.5 text-ink-2 text-xs">
        <Icon aria-hidden="true" className={`size-3.5 ${tone}`} />
        <span className="max-xs:sr-only">{word}</span>
      </span>
    </Tooltip>
  );
}
