'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { formatClock } from '#lib/client/time.ts';
import { CallLane } from './call-lane.tsx';
import { laneOf } from './lanes.ts';
import { TakeEvidence } from './take-evidence.tsx';
import { useStory } from './use-timeline.ts';

type Props = {
  readonly callId: string;
  readonly current: string;
  readonly onOpen: (seq: string) => void;
  /** Puts the call beside another one, which is picked next; null while it is one of the two already. */
  readonly onCompare: (() => void) | null;
};

/** Everything that happened to one call, from asked to answered. */
export function CallStory({ callId, current, onOpen, onCompare }: Props) {
  const query = useStory(callId);
  return (
    <div>
      <h3 className="mb-1.5 flex flex-wrap items-center gap-x-1 gap-y-0.5 font-semibold text-ink-2 text-xs">
        <span className="mr-auto">The whole call</span>
        <TakeEvidence of={{ kind: 'call', callId }} label="Take the evidence of this call" />
        {onCompare !== null && (
          <Button size="sm" variant="ghost" onClick={onCompare}>
            Compare with…
          </Button>
        )}
      </h3>
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {(rows) => {
          const lane = laneOf(callId, rows);
          return (
            <>
              {lane !== null && <CallLane lane={lane} current={current} onOpen={onOpen} />}
              <ol className="mt-3 grid gap-0.5 border-l pl-1">
                {rows.map((row) => (
                  <li key={row.seq}>
                    <button
                      type="button"
                      aria-current={row.seq === current ? 'true' : undefined}
                      onClick={() => onOpen(row.seq)}
                      className={cx(
                        'grid w-full grid-cols-[3.5rem_minmax(0,1fr)] gap-2 rounded-md px-2 py-1 text-left text-xs',
                        row.seq === current ? 'bg-accent-soft' : 'hover:bg-sunken',
                      )}
                    >
                      <time dateTime={row.at} className="tabular text-ink-3">
                        {formatClock(row.at)}
                      </time>
                      <SafeText text={row.sentence} />
                    </button>
                  </li>
                ))}
              </ol>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
