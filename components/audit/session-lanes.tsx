'use client';

import { useMemo } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { TierMark } from '#components/shell/tier-badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { problemOf } from '#lib/client/api.ts';
import { plural } from '#lib/client/format.ts';
import { formatAbsolute, formatClock } from '#lib/client/time.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { isTier } from '#lib/core/risk/types.ts';
import { CallLane } from './call-lane.tsx';
import { formatGap, type Lane, lanesOf } from './lanes.ts';
import { TakeEvidence } from './take-evidence.tsx';
import { useSession } from './use-timeline.ts';

type Props = {
  readonly sessionId: string;
  readonly current: string | null;
  readonly onOpen: (seq: string) => void;
};

/** A session as its calls, one lane each, the newest on top as in the timeline below. */
export function SessionLanes({ sessionId, current, onOpen }: Props) {
  const query = useSession(sessionId);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items).toReversed() ?? [], [query.data]);
  const lanes = useMemo(() => lanesOf(rows).toReversed(), [rows]);
  const calls = lanes.filter((lane) => lane.kind === 'call').length;
  return (
    <Card
      title="Calls of this session"
      aside={
        query.data !== undefined && (
          <span className="flex flex-wrap items-center gap-x-2">
            {`${plural(calls, 'call')}, ${plural(rows.length, 'entry', 'entries')}`}
            <TakeEvidence of={{ kind: 'session', sessionId }} label="Take the evidence of this session" />
          </span>
        )
      }
      flush
    >
      {query.isPending && <Skeleton className="m-3.5 h-24" />}
      {query.isError && (
        <ProblemNotice className="m-3.5" problem={problemOf(query.error)} onRetry={() => void query.refetch()} />
      )}
      {query.data !== undefined && rows.length === 0 && (
        <p className="px-3.5 py-3 text-ink-3">No entry of this session yet.</p>
      )}
      {rows.length > 0 && (
        <ScrollBox label="Calls of this session" className="max-h-[26rem]">
          <ul>
            {lanes.map((lane) =>
              lane.kind === 'call' ? (
                <li key={lane.callId} className="border-b px-3.5 py-1.5 last:border-b-0">
                  <div className="grid items-center gap-x-3 sm:grid-cols-[9.5rem_minmax(0,1fr)]">
                    <LaneHead lane={lane} />
                    <CallLane lane={lane} current={current} onOpen={onOpen} />
                  </div>
                  {lane.aside.map((row) => (
                    <EventLine key={row.seq} row={row} onOpen={onOpen} />
                  ))}
                </li>
              ) : (
                <li key={lane.row.seq} className="border-b bg-sunken px-3.5 py-1.5 last:border-b-0">
                  <EventLine row={lane.row} onOpen={onOpen} />
                </li>
              ),
            )}
          </ul>
          {query.hasNextPage && (
            <div className="grid justify-items-center border-t p-2">
              <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Load earlier calls
              </Button>
            </div>
          )}
        </ScrollBox>
      )}
    </Card>
  );
}

function LaneHead({ lane }: { readonly lane: Lane }) {
  const { first } = lane;
  return (
    <h3 className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-xs sm:grid sm:grid-cols-[auto_minmax(0,1fr)]">
      {first.tier !== null && isTier(first.tier) ? <TierMark tier={first.tier} /> : <span />}
      <SafeText text={`${first.server ?? '?'} / ${first.tool ?? '?'}`} className="min-w-0 font-medium" />
      <span className="font-normal text-ink-3 sm:col-start-2">
        <time dateTime={first.at} title={formatAbsolute(first.at)} className="tabular">
          {formatClock(first.at)}
        </time>
        {`, took ${formatGap(lane.tookMs)}`}
      </span>
    </h3>
  );
}

function EventLine({ row, onOpen }: { readonly row: AuditRow; readonly onOpen: (seq: string) => void }) {
  return (
    <button
      type="button"
      onClick={() => onOpen(row.seq)}
      className="grid w-full grid-cols-[3.75rem_minmax(0,1fr)] gap-2 rounded-md py-1 text-left text-xs hover:bg-sunken"
    >
      <time dateTime={row.at} className="tabular text-ink-3">
        {formatClock(row.at)}
      </time>
      <SafeText text={row.sentence} className="text-ink-2" />
    </button>
  );
}
