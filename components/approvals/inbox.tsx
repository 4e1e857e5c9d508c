'use client';

import { SearchX } from 'lucide-react';
import { type FocusEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { OLDER_PAGE, useInbox } from '#components/shell/pending.ts';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { problemOf } from '#lib/client/api.ts';
import { plural } from '#lib/client/format.ts';
import type { InboxFolder } from '#lib/client/live-rows.ts';
import { type Arrange, arrangeHistory, arrangeMine, arrangePending } from './arrange-inbox.ts';
import { Arrivals } from './arrivals.tsx';
import { InboxFilter } from './inbox-filter.tsx';
import type { InboxListHandle } from './inbox-list.tsx';
import { selectRows } from './select-rows.ts';
import { useArrangement } from './use-arrangement.ts';
import { useCoarsePointer } from './use-coarse-pointer.ts';
import { useInboxAddress } from './use-inbox-address.ts';
import { useSelection } from './use-selection.ts';
import { useSettled } from './use-settled.ts';

// The server is asked for the lines meanwhile.
const inboxList = arriving(() => import('./inbox-list.tsx').then((file) => file.InboxList), 'at-once');
const noRequests = arriving(() => import('./no-requests.tsx').then((file) => file.NoRequests), 'at-once');
const batchBar = arriving(() => import('./batch-bar.tsx').then((file) => file.BatchBar), 'at-rest');

const FOLDERS = [
  { value: 'pending', text: 'Waiting' },
  { value: 'mine', text: 'My agents' },
  { value: 'history', text: 'History' },
] as const satisfies readonly { value: InboxFolder; text: string }[];
const ARRANGE: Readonly<Record<InboxFolder, Arrange>> = {
  pending: arrangePending,
  mine: arrangeMine,
  history: arrangeHistory,
};
/** As many waiting requests as are sorted and filtered in the browser. What was decided the server searches. */
const MOST_ROWS = 2000;

type InboxProps = { readonly openId: string | null; readonly onOpen: (id: string) => void };

/** The list of requests with its folders, its filter, its keys and its states. */
export function Inbox({ openId, onOpen }: InboxProps) {
  const { folder, filter, search, setFolder, setFilter } = useInboxAddress();
  const { query, rows } = useInbox(folder, folder === 'pending' ? '' : search);
  const [inUse, setInUse] = useState({ pointer: false, focus: false });
  // A finger has no place of its own until it lands: under it nothing may slide as long as the list is in view.
  const touched = useCoarsePointer() && openId === null;
  const shown = useMemo(() => selectRows(rows, filter), [rows, filter]);
  const used = inUse.pointer || inUse.focus || (touched && rows.length > 0);
  const arrangement = useArrangement(shown, { of: `${folder} ${filter}`, arrange: ARRANGE[folder] }, used);
  const { items } = arrangement;
  const list = useRef<InboxListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const cursor = useRef<string | null>(null);
  const isSettled = useSettled(items);
  const selection = useSelection();
  const InboxList = useArrived(inboxList);
  const NoRequests = useArrived(noRequests);
  const BatchBar = useArrived(batchBar, selection.items.length > 0);

  const open = useCallback((id: string) => isSettled(id) && onOpen(id), [isSettled, onOpen]);
  const keepCursor = useCallback((id: string) => {
    cursor.current = id;
  }, []);
  const move = (step: 1 | -1) => {
    const ids = items.flatMap((item) => (item.kind === 'row' ? [item.id] : []));
    const from = ids.indexOf(cursor.current ?? openId ?? '');
    const next = ids[from === -1 ? 0 : Math.min(ids.length - 1, Math.max(0, from + step))];
    if (next !== undefined) list.current?.focusRow(next);
  };
  const openCursor = () => {
    if (cursor.current !== null) open(cursor.current);
  };
  const selectCursor = () => {
    const row = rows.find((one) => one.id === (cursor.current ?? openId));
    if (row !== undefined && row.status === 'pending') selection.toggle(row);
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    o: openCursor,
    Enter: openCursor,
    x: selectCursor,
    '/': () => field.current?.select(),
  });

  // Waiting requests are sorted by risk across all of them: every page is needed, not only the first. Of a search a page
  // may bring few or none, so it goes on until there is something to scroll through. A refetch cancels a page on its way, so this asks again whenever the line falls quiet; after a failure the
  // poll does.
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;
  const idle = hasNextPage && !isFetching && !isFetchNextPageError;
  const isSearch = folder !== 'pending' && filter.trim() !== '';
  const of = `${folder} ${search}`;
  const [wanted, setWanted] = useState({ of, rows: OLDER_PAGE });
  const enough = folder === 'pending' ? MOST_ROWS : !isSearch ? 0 : wanted.of === of ? wanted.rows : OLDER_PAGE;
  const goesOn = idle && rows.length < enough;
  const more = useCallback(() => {
    if (!hasNextPage || isFetching) return;
    if (isSearch) setWanted({ of, rows: rows.length + OLDER_PAGE });
    else void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage, isSearch, of, rows.length]);
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);

  return (
    <section
      aria-label="Requests"
      className="flex min-h-0 flex-1 flex-col desk:bg-panel"
      onPointerEnter={(event: PointerEvent) =>
        event.pointerType === 'mouse' && setInUse((now) => ({ ...now, pointer: true }))
      }
      onPointerLeave={() => setInUse((now) => ({ ...now, pointer: false }))}
      onFocus={(event: FocusEvent) => {
        // Who types a filter looks at what it finds, not at one line of it.
        if (event.target !== field.current) setInUse((now) => ({ ...now, focus: true }));
      }}
      onBlur={(event: FocusEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setInUse((now) => ({ ...now, focus: false }));
      }}
    >
      <div className="flex min-h-11 items-center gap-2 border-b px-4">
        <h1 className="sr-only">Approvals</h1>
        <Segmented label="Which requests" value={folder} options={FOLDERS} onChange={setFolder} />
        <span className="ml-auto">
          {arrangement.unsorted > 0 && (
            <button
              type="button"
              onClick={arrangement.sortNow}
              className="forced-border h-6 rounded-full bg-accent px-2.5 font-semibold text-on-accent text-xs"
            >
              {arrangement.unsorted} new
              <span className="sr-only"> {arrangement.unsorted === 1 ? 'request' : 'requests'}</span>
            </button>
          )}
        </span>
      </div>
      <InboxFilter
        field={field}
        value={filter}
        onChange={setFilter}
        onLeave={() => move(1)}
        found={
          isSearch
            ? `${plural(shown.length, 'request')} found${query.hasNextPage ? ' so far' : ''}`
            : `${shown.length} of ${plural(rows.length, 'request')} shown`
        }
      />
      {query.data !== undefined && query.isError && problemOf(query.error).code !== 'unreachable' && (
        <ProblemNotice
          className="m-3"
          problem={{ ...problemOf(query.error), title: 'Could not refresh the list' }}
          onRetry={() => void query.refetch()}
        />
      )}
      {query.data === undefined || InboxList === null || NoRequests === null ? (
        <InboxPlaceholder
          problem={query.data === undefined && query.isError ? problemOf(query.error) : null}
          onRetry={() => void query.refetch()}
        />
      ) : items.length === 0 && isSearch && (isFetching || goesOn || search !== filter.trim()) ? (
        <EmptyState icon={<SearchX aria-hidden="true" />} title="Searching…">
          All requests of this list are looked through, the newest first.
        </EmptyState>
      ) : items.length === 0 && (isSearch || (filter.trim() !== '' && rows.length > 0)) ? (
        <NothingFound searched={isSearch ? null : rows.length} onClear={() => setFilter('')} />
      ) : items.length === 0 ? (
        <NoRequests folder={folder} />
      ) : (
        <InboxList
          items={items}
          label={folder === 'pending' ? `${plural(shown.length, 'request')} waiting` : 'Requests'}
          openId={openId}
          onOpen={open}
          onCursor={keepCursor}
          onEnd={more}
          handle={list}
          selection={folder === 'pending' ? selection : null}
        />
      )}
      {folder === 'pending' && query.data !== undefined && <Arrivals rows={rows} />}
      {folder === 'pending' && BatchBar !== null && <BatchBar selection={selection} />}
    </section>
  );
}

function NothingFound({
  searched,
  onClear,
}: {
  /** How many the filter hides; null = a whole list was searched. */
  readonly searched: number | null;
  readonly onClear: () => void;
}) {
  return (
    <EmptyState
      icon={<SearchX aria-hidden="true" />}
      title="None of them matches"
      action={<Button onClick={onClear}>Clear the filter</Button>}
    >
      {searched === null
        ? 'All requests of this list were looked through: their lines and the beginning of their arguments.'
        : `${plural(searched, 'request')} here, hidden by the filter.`}
    </EmptyState>
  );
}

function InboxPlaceholder({
  problem,
  onRetry,
}: {
  readonly problem: { readonly title: string; readonly detail: string; readonly next: string } | null;
  readonly onRetry: () => void;
}) {
  if (problem !== null) return <ProblemNotice className="m-3" problem={problem} onRetry={onRetry} />;
  return (
    <div aria-busy="true">
      <span role="status" className="sr-only">
        Loading requests
      </span>
      {['a', 'b', 'c', 'd'].map((key) => (
        <div key={key} className="grid h-19 content-center gap-2 border-b px-4">
          <Skeleton className="h-3.5 w-1/2" />
          <Skeleton className="h-3 w-5/6" />
          <Skeleton className="h-3 w-1/3" />
        </div>
      ))}
    </div>
  );
}
