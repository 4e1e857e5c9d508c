'use client';

import { EndObserve } from '#components/observe-form/end-observe.tsx';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { type ObserveStage, type ObserveWindow, stageOf } from '#components/shell/observe-stage.ts';
import { observeScopeWords } from '#components/shell/scope-words.ts';
import { Badge } from '#components/ui/badge.tsx';
import { TimeLeft } from '#components/ui/time-left.tsx';
import { When } from '#components/ui/when.tsx';
import { formatSpan } from '#lib/client/time.ts';
import { useNow } from '#lib/client/use-now.ts';
import { ConfirmObserve } from './confirm-observe.tsx';
import { ObserveCounts } from './observe-counts.tsx';

const STAGES = {
  asked: { word: 'Waits for a second person', tone: 'warning' },
  running: { word: 'Observing', tone: 'danger' },
  ended: { word: 'Ended', tone: 'plain' },
} as const satisfies Record<ObserveStage, unknown>;

/** One window: what passes, until when, who said so, and what would have happened. */
export function ObserveItem({ window, top }: { readonly window: ObserveWindow; readonly top: number }) {
  const stage = stageOf(window, useNow());
  const { word, tone } = STAGES[stage];
  return (
    <li className="grid gap-2.5 border-b px-3.5 py-3 last:border-b-0">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="flex flex-wrap items-center gap-2 font-semibold">
            <SafeText text={observeScopeWords(window.scope)} />
            <Badge tone={tone}>{word}</Badge>
          </p>
          <p className="mt-0.5 text-ink-2">
            {window.openedByMe ? 'You asked' : `${window.openedBy} asked`} <When at={window.openedAt} />, for{' '}
            {formatSpan(window.minutes * 60)}: “<SafeText text={window.reason} />
            ”.
            {window.confirmedBy !== null && ` Confirmed by ${window.confirmedBy}.`}
            {stage === 'running' && window.endsAt !== null && (
              <>
                {' '}
                Ends in <TimeLeft expiresAt={window.endsAt} />.
              </>
            )}
          </p>
        </div>
        {stage !== 'ended' && <EndObserve id={window.id} running={stage === 'running'} />}
      </div>
      {stage === 'asked' ? <ConfirmObserve window={window} /> : <ObserveCounts window={window} top={top} />}
    </li>
  );
}
