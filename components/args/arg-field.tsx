'use client';

import { Fragment, memo, type ReactNode, useCallback, useMemo } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/class-names.ts';
import { formatCount, plural } from '#lib/client/format.ts';
import type { ArgRow } from '#lib/core/args/view.ts';
import type { ArgNotes } from './arg-notes.ts';
import { ArgPreview } from './arg-preview.tsx';
import { type ComparedRow, cutAtBlankRuns, type DiffPart, diffWords } from './compare-args.ts';
import { LongText } from './long-text.tsx';
import { cutAtHits, findHit } from './search-args.ts';

type ArgFieldProps = {
  readonly compared: ComparedRow;
  readonly notes: ArgNotes | undefined;
  readonly opened: boolean;
  readonly query: string;
  /** The search stands here. */
  readonly found: boolean;
  readonly onOpen: (path: string) => void;
};

const INDENTS = ['pl-3.5', 'pl-7', 'pl-10.5', 'pl-14', 'pl-17.5', 'pl-21'] as const;
const MARKS = {
  same: { tone: '', word: null },
  changed: { tone: 'bg-added', word: 'changed' },
  new: { tone: 'bg-first', word: 'new field' },
} as const;

/** One field: its name, its value as it will be sent, how it differs, what is new about it, and what it would do. */
export const ArgField = memo(function ArgField({ compared, notes, opened, query, found, onOpen }: ArgFieldProps) {
  const { row, mark, before } = compared;
  const { tone, word } = MARKS[mark];
  const folded = row.foldedBytes > 0 && !opened;
  const text = opened ? row.whole : row.preview;
  return (
    <Line
      row={row}
      tone={found ? cx(tone, 'outline-2 outline-accent -outline-offset-2') : tone}
      word={word}
      query={query}
    >
      {before !== null && !folded ? (
        <ChangedValue row={row} before={before} now={text} query={query} />
      ) : (
        <Value row={row} text={text} folded={folded} query={query} />
      )}
      {folded && (
        <>
          <span className="my-1 block">
            <Button size="sm" onClick={() => onOpen(row.path)}>
              {formatCount(row.foldedBytes)} bytes hidden: show
            </Button>
          </span>
          <ArgText text={row.tail} query={query} />
          {quote(row)}
        </>
      )}
      {notes !== undefined && <Notes notes={notes} />}
    </Line>
  );
});

/** A field of the last approved call that this one no longer has. */
export function RemovedField({ row }: { readonly row: ArgRow }) {
  return (
    <Line row={row} tone="bg-removed" word="not sent now" query="">
      <del className="decoration-high">
        <Value row={row} text={row.preview} folded={false} query="" />
      </del>
    </Line>
  );
}

function Notes({ notes }: { readonly notes: ArgNotes }) {
  return (
    <>
      {(notes.firstSeen.length > 0 || notes.namedBy.length > 0) && (
        <span className="my-0.5 flex flex-wrap gap-1 font-sans">
          {notes.firstSeen.map((one) => (
            <Badge key={`${one.sort} ${one.value}`} tone="warning" wraps>
              <span className="min-w-0">
                first seen {one.sort}: <SafeText text={one.value} />
                {one.note !== null && `, ${one.note}`}
              </span>
            </Badge>
          ))}
          {notes.namedBy.map((name) => (
            <Badge key={name} wraps>
              <span className="min-w-0">
                limited by <SafeText text={name} />
              </span>
            </Badge>
          ))}
        </span>
      )}
      {notes.report !== null && <ArgPreview report={notes.report} />}
    </>
  );
}

type LineProps = {
  readonly row: ArgRow;
  readonly tone: string;
  readonly word: string | null;
  readonly query: string;
  readonly children: ReactNode;
};

function Line({ row, tone, word, query, children }: LineProps) {
  return (
    <div
      data-arg={row.path}
      className={cx(
        'grid grid-cols-1 gap-x-3 py-0.5 pr-3.5 text-xs leading-5 sm:grid-cols-[9rem_minmax(0,1fr)]',
        INDENTS[Math.min(row.depth, INDENTS.length - 1)],
        tone,
      )}
    >
      <code className="text-ink-3" title={row.path}>
        {row.key === '' ? '(whole)' : <Hits text={row.key} query={query} />}
      </code>
      <div className="flex min-w-0 items-start gap-2">
        {/* On a phone names and values share one edge: without the bar, a line break in a value could pass for a field. */}
        <div className="min-w-0 flex-1 font-mono max-sm:border-line-strong max-sm:border-l-2 max-sm:pl-2.5">
          {children}
        </div>
        {word !== null && (
          <span className="shrink-0 rounded-sm border border-current px-1 font-medium text-2xs text-ink-2 leading-4">
            {word}
          </span>
        )}
      </div>
    </div>
  );
}

function quote(row: ArgRow) {
  return row.kind === 'string' && <span className="text-ink-3">"</span>;
}

type ValueProps = { readonly row: ArgRow; readonly text: string; readonly folded: boolean; readonly query: string };

function Value({ row, text, folded, query }: ValueProps) {
  switch (row.kind) {
    case 'object':
      return <span className="text-ink-3">{row.members === 0 ? '{ } empty' : plural(row.members, 'member')}</span>;
    case 'array':
      return <span className="text-ink-3">{row.members === 0 ? '[ ] empty' : plural(row.members, 'item')}</span>;
    case 'string':
      return (
        <>
          {quote(row)}
          <ArgText text={text} query={query} />
          {!folded && quote(row)}
        </>
      );
    case 'number':
    case 'boolean':
    case 'null':
    case 'unreadable':
      return <ArgText text={text} query={query} className="text-accent" />;
  }
}

type ChangedProps = { readonly row: ArgRow; readonly before: string; readonly now: string; readonly query: string };

function ChangedValue({ row, before, now, query }: ChangedProps) {
  const parts = useMemo(() => diffWords(before, now), [before, now]);
  if (row.kind === 'object' || row.kind === 'array') return <Value row={row} text={now} folded={false} query={query} />;
  let at = 0;
  return (
    <>
      {quote(row)}
      {parts.map((part) => {
        const key = at;
        at += part.text.length;
        return <DiffText key={key} part={part} query={query} />;
      })}
      {quote(row)}
    </>
  );
}

function DiffText({ part, query }: { readonly part: DiffPart; readonly query: string }) {
  const text = <ArgText text={part.text} query={query} />;
  switch (part.kind) {
    case 'same':
      return text;
    case 'removed':
      return <del className="mr-1 bg-removed decoration-high">{text}</del>;
    case 'added':
      return <ins className="font-semibold underline decoration-2 decoration-low underline-offset-2">{text}</ins>;
  }
}

type TextProps = { readonly text: string; readonly query: string; readonly className?: string };

/** Argument text: hidden characters as marks, line breaks kept, long blank runs as a count. */
function ArgText({ text, query, className }: TextProps) {
  const soughtAt = useMemo(() => findHit(text, query), [text, query]);
  // Far from view nothing is marked: a letter that is searched for stands a hundred thousand times in a megabyte.
  const draw = useCallback(
    (part: string, near: boolean) => (
      <ArgPart text={part} query={near ? query : ''} {...(className === undefined ? {} : { className })} />
    ),
    [query, className],
  );
  return <LongText text={text} draw={draw} soughtAt={soughtAt} />;
}

function ArgPart({ text, query, className }: TextProps) {
  return cutAtBlankRuns(text).map((part) => (
    <Fragment key={part.at}>
      <Hits text={part.text} query={query} multiline {...(className === undefined ? {} : { className })} />
      {part.blanks > 0 && (
        <span className="mx-0.5 rounded-sm border border-medium-line bg-medium-soft px-1 text-2xs text-medium">
          {formatCount(part.blanks)} blanks
        </span>
      )}
    </Fragment>
  ));
}

function Hits({ text, query, multiline = false, className }: TextProps & { readonly multiline?: boolean }) {
  let at = 0;
  return cutAtHits(text, query).map((part) => {
    const key = at;
    at += part.text.length;
    const shown = (
      <SafeText key={key} multiline={multiline} text={part.text} {...(className === undefined ? {} : { className })} />
    );
    return part.hit ? (
      <mark key={key} className="rounded-sm bg-accent-soft text-accent-strong outline-1 outline-accent">
        {shown}
      </mark>
    ) : (
      shown
    );
  });
}
