'use client';

import { Search } from 'lucide-react';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { ArgField, RemovedField } from '#components/args/arg-field.tsx';
import { notesByPath } from '#components/args/arg-notes.ts';
import { compareArgs, listWarnings } from '#components/args/compare-args.ts';
import { searchArgs } from '#components/args/search-args.ts';
import { KeyHint, useAriaKey } from '#components/shell/key-hint.tsx';
import { useShortcuts } from '#components/shell/shortcuts.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Segmented } from '#components/ui/segmented.tsx';
import { When } from '#components/ui/when.tsx';
import { formatBytes, plural } from '#lib/client/format.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { ArgFindings } from './arg-findings.tsx';
import { ArgSearch } from './arg-search.tsx';
import { RawArgs, rawIsFolded } from './raw-args.tsx';
import type { ContextState } from './request-context.ts';
import { argsWords } from './status-words.ts';

const ROWS_AT_ONCE = 300;
/** Of thousands of lines only those in view are laid out; all are in the document, for the browser's own search. */
const MANY_ROWS = '[&>[data-arg]]:[contain-intrinsic-block-size:auto_24px] [&>[data-arg]]:[content-visibility:auto]';
const VIEWS = [
  { value: 'fields', text: 'Fields' },
  { value: 'raw', text: 'Raw' },
] as const;

type FrozenArgsProps = {
  readonly record: ApprovalDetail;
  readonly state: ContextState;
  /** Told how many folded parts this reader has not opened yet. */
  readonly onUnopened: (count: number) => void;
};

/** Exactly what will run: the canonical bytes the digest is made of, laid out by us. Nothing is cut without a count. */
export function FrozenArgs({ record, state, onUnopened }: FrozenArgsProps) {
  const [view, setView] = useState<'fields' | 'raw'>('fields');
  const [diff, setDiff] = useState(true);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const [rawOpened, setRawOpened] = useState(false);
  const [search, setSearch] = useState<{ readonly query: string; readonly at: number } | null>(null);
  const rowsBox = useRef<HTMLDivElement>(null);
  const earlier = record.lastApproved?.canonicalArgs ?? null;
  const comparison = useMemo(
    () => compareArgs(record.canonicalArgs, diff ? earlier : null),
    [record.canonicalArgs, earlier, diff],
  );
  const rows = useMemo(() => comparison.rows.map(({ row }) => row), [comparison]);
  const warnings = useMemo(() => listWarnings(rows), [rows]);
  const context = state.kind === 'there' ? state.context : null;
  const notes = useMemo(() => notesByPath(context), [context]);
  const query = useDeferredValue(search?.query ?? '');
  const matches = useMemo(() => searchArgs(rows, query), [rows, query]);
  const folded = rows.filter((row) => row.foldedBytes > 0 && !opened.has(row.path)).length;
  const unseenRows = Math.max(0, rows.length - shown);
  const unopened = rawOpened ? 0 : folded + (unseenRows > 0 ? 1 : 0);
  useEffect(() => onUnopened(unopened), [unopened, onUnopened]);
  const openSearch = () => {
    setView('fields');
    setSearch((now) => now ?? { query: '', at: 0 });
  };
  useShortcuts({ f: () => setDiff((now) => !now), s: openSearch });
  const ariaKey = useAriaKey('s');
  const words = argsWords(record.status);
  const openField = useCallback((path: string) => setOpened((now) => new Set(now).add(path)), []);
  const foundAt = search === null ? 0 : matches.paths.length === 0 ? 0 : search.at % matches.paths.length;
  const foundPath = search === null ? undefined : matches.paths[foundAt];

  const go = (by: 1 | -1) => {
    const count = matches.paths.length;
    if (search === null || count === 0) return;
    setSearch({ ...search, at: (foundAt + by + count) % count });
  };
  // A field that was found is opened, and drawn if it was not yet: what is found must be seen.
  const foundIndex = foundPath === undefined ? -1 : rows.findIndex((row) => row.path === foundPath);
  const foundFolded = foundPath !== undefined && (rows[foundIndex]?.foldedBytes ?? 0) > 0 && !opened.has(foundPath);
  if (foundIndex >= shown) setShown(foundIndex + 50);
  if (foundPath !== undefined && foundFolded) openField(foundPath);
  useEffect(() => {
    if (foundPath === undefined) return;
    const show = () => {
      const line = rowsBox.current?.querySelector(`[data-arg="${CSS.escape(foundPath)}"]`);
      (line?.querySelector('mark') ?? line)?.scrollIntoView({ block: 'center' });
    };
    show();
    // What was out of view had a guessed height; once it is laid out, the place may be another.
    const frame = requestAnimationFrame(show);
    return () => cancelAnimationFrame(frame);
  }, [foundPath]);

  return (
    <Card
      flush
      title={words.title}
      aside={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          {record.lastApproved === null ? (
            <span>never approved before</span>
          ) : (
            view === 'fields' && (
              <Checkbox
                className="[&_label]:text-xs"
                checked={diff}
                onCheckedChange={(on) => setDiff(on === true)}
                label={
                  <>
                    against the last approved, <When at={record.lastApproved.at} />
                  </>
                }
              />
            )
          )}
          <Button size="sm" variant="ghost" onClick={openSearch} aria-keyshortcuts={ariaKey}>
            <Search aria-hidden="true" className="size-3.5" /> Search <KeyHint command="s" />
          </Button>
          <Segmented label="View of the arguments" value={view} options={VIEWS} onChange={setView} />
        </span>
      }
    >
      <ArgFindings state={state} warnings={warnings} />
      {search !== null && view === 'fields' && (
        <ArgSearch
          query={search.query}
          matches={matches}
          current={foundAt}
          onQuery={(next) => setSearch({ query: next, at: 0 })}
          onMove={go}
          onClose={() => {
            setSearch(null);
            document.getElementById('request-title')?.focus({ preventScroll: true });
          }}
        />
      )}
      {view === 'raw' ? (
        <RawArgs text={record.canonicalArgs} onWhole={() => setRawOpened(true)} />
      ) : (
        <div ref={rowsBox} className={cx('py-1.5', rows.length > ROWS_AT_ONCE && MANY_ROWS)}>
          {rows.length === 0 && <p className="px-3.5 py-1.5 text-ink-3">No arguments.</p>}
          {comparison.rows.slice(0, shown).map((compared) => (
            <ArgField
              key={compared.row.path}
              compared={compared}
              notes={notes.get(compared.row.path)}
              opened={opened.has(compared.row.path)}
              query={query}
              found={compared.row.path === foundPath}
              onOpen={openField}
            />
          ))}
          {unseenRows > 0 && (
            <div className="px-3.5 py-2">
              <Button size="sm" onClick={() => setShown(shown + 2000)}>
                {plural(unseenRows, 'more field')} not shown yet: show {unseenRows > 2000 ? 'the next 2,000' : 'them'}
              </Button>
            </div>
          )}
          {comparison.removed.map((row) => (
            <RemovedField key={row.path} row={row} />
          ))}
        </div>
      )}
      <p className="border-t bg-sunken px-3.5 py-1.5 text-ink-3 text-xs">
        {plural(rows.length, 'field')}, {formatBytes(record.argsBytes)}
        {view === 'raw' && !rawIsFolded(record.canonicalArgs) && ', shown whole'}. {words.note}
      </p>
    </Card>
  );
}
