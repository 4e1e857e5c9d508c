'use client';

import { ArrowUp, ScrollText } from 'lucide-react';
import { type FocusEvent, useCallback, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { problemOf } from '#lib/client/api.ts';
import { plural } from '#lib/client/format.ts';
import { formatDay } from '#lib/client/time.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import type { Filters } from './filters.ts';
import { proofKey, type RowProofs } from './row-proof.ts';
import type { useTimeline } from './use-timeline.ts';

const timelineRow = arriving(() => import('./timeline-row.tsx').then((file) => file.TimelineRow), 'at-once');

const checkRows = arriving(() => import('./check-all-rows.tsx').then((file) => file.CheckRows), 'at-rest');

type Props = {
  readonly timeline: ReturnType<typeof useTimeline>;
  readonly filters: Filters;
  readonly selected: string | null;
  /** The entry that was jumped to. */
  readonly reached: string | null;
  readonly onOpen: (seq: string) => void;
};

/**
 * The entries. New ones appear by themselves while the reader is at the top and has no row in focus; else they wait behind
 * a button, so that nothing moves under the eye or the next key.
 */
export function Timeline({ timeline, filters, selected, reached, onOpen }: Props) {
  const { pages, rows } = timeline;
  const [proofs, setProofs] = useState<RowProofs>(new Map());
  const TimelineRow = useArrived(timelineRow);
  const CheckRows = useArrived(checkRows);
  const { shown, waiting, follow, watchTop, focusGuards } = useFollow(rows);
  if (pages.isPending) return <TimelineSkeleton />;
  if (pages.isError && pages.data === undefined) {
    return <ProblemNotice className="m-3.5" problem={problemOf(pages.error)} onRetry={() => void pages.refetch()} />;
  }
  if (TimelineRow === null) return <TimelineSkeleton />;
  const filtered = Object.keys(filters).length > 0;
  return (
    <div>
      <div ref={watchTop} />
      {CheckRows !== null && <CheckRows rows={shown} proofs={proofs} onProofs={setProofs} />}
      {waiting > 0 && (
        <div className="sticky top-2 z-10 grid h-0 justify-items-center">
          <Button size="sm" variant="primary" className="mt-1.5 rounded-full" onClick={follow}>
            <ArrowUp aria-hidden="true" className="size-3.5" />
            {plural(waiting, 'new entry', 'new entries')}
          </Button>
        </div>
      )}
      {rows.length === 0 ? (
        <EmptyState
          icon={<ScrollText aria-hidden="true" />}
          title={filtered ? 'No entry fits these filters' : 'The log is empty'}
        >
          {filtered
            ? 'Take a filter away, or choose a longer time.'
            : 'The first entry is written when something happens.'}
        </EmptyState>
      ) : (
        <div {...focusGuards}>
          {daysOf(shown).map((day) => (
            <section key={day.rows[0]?.seq ?? day.name} aria-label={day.name}>
              <h2 className="border-b bg-sunken px-3.5 py-1 font-medium text-2xs text-ink-3">{day.name}</h2>
              <ol>
                {day.rows.map((row) => (
                  <TimelineRow
                    key={row.seq}
                    row={row}
                    selected={row.seq === selected}
                    reached={row.seq === reached}
                    proof={proofs.get(proofKey(row))}
                    onOpen={onOpen}
                  />
                ))}
              </ol>
            </section>
          ))}
        </div>
      )}
      {pages.hasNextPage && (
        <div className="grid justify-items-center border-t p-3">
          <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            Load older entries
          </Button>
        </div>
      )}
      {pages.isError && problemOf(pages.error).code !== 'unreachable' && (
        <ProblemNotice className="m-3.5" problem={problemOf(pages.error)} />
      )}
    </div>
  );
}

type Day = { readonly name: string; readonly rows: readonly AuditRow[] };

function daysOf(rows: readonly AuditRow[]): readonly Day[] {
  const days: { name: string; rows: AuditRow[] }[] = [];
  for (const row of rows) {
    const name = formatDay(row.at);
    const last = days.at(-1);
    if (last?.name === name) last.rows.push(row);
    else days.push({ name, rows: [row] });
  }
  return days;
}

/** Holds back what is newer than the head seen when the reader left the top or put the focus on a row. */
function useFollow(rows: readonly AuditRow[]) {
  const top = useRef<HTMLDivElement | null>(null);
  const [atTop, setAtTop] = useState(true);
  const [focused, setFocused] = useState(false);
  const [frozen, setFrozen] = useState<string | null>(null);
  const head = rows[0]?.seq ?? null;
  const holding = !atTop || focused;
  if (holding && frozen === null && head !== null) setFrozen(head);
  if (!holding && frozen !== null) setFrozen(null);
  const watchTop = useCallback((mark: HTMLDivElement) => {
    top.current = mark;
    const observer = new IntersectionObserver(([entry]) => setAtTop(entry?.isIntersecting ?? true));
    observer.observe(mark);
    return () => observer.disconnect();
  }, []);
  const limit = frozen === null ? null : BigInt(frozen);
  const shown = limit === null ? rows : rows.filter((row) => BigInt(row.seq) <= limit);
  const follow = () => {
    setFocused(false);
    setFrozen(null);
    top.current?.scrollIntoView({ block: 'center' });
  };
  const focusGuards = {
    onFocus: () => setFocused(true),
    onBlur: (event: FocusEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget)) setFocused(false);
    },
  };
  return { shown, waiting: rows.length - shown.length, follow, watchTop, focusGuards };
}

function TimelineSkeleton() {
  return (
    <div aria-busy="true" className="grid gap-4 p-3.5">
      <span role="status" className="sr-only">
        Loading
      </span>
      {['w-3/5', 'w-4/5', 'w-2/3', 'w-3/4', 'w-1/2', 'w-4/5', 'w-3/5', 'w-2/3'].map((width, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list that never changes
        <Skeleton key={i} className={`h-3.5 ${width}`} />
      ))}
    </div>
  );
}
