'use client';

import { Fragment, type ReactNode } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/class-names.ts';
import { formatCount, plural } from '#lib/client/format.ts';
import type { ArgRow } from '#lib/core/args/view.ts';
import { type ComparedRow, cutAtBlankRuns, splitChange, wholeValue } from './compare-args.ts';

type ArgFieldProps = {
  readonly compared: ComparedRow;
  readonly canonical: string;
  readonly opened: boolean;
  readonly onOpen: (path: string) => void;
};

const INDENTS = ['pl-3.5', 'pl-7', 'pl-10.5', 'pl-14', 'pl-17.5', 'pl-21'] as const;
const MARKS = {
  same: { tone: '', word: null },
  changed: { tone: 'bg-added', word: 'changed' },
  new: { tone: 'bg-first', word: 'first seen' },
} as const;

/** One field: its name, its value as it will be sent, and how it differs from the last approved call. */
export function ArgField({ compared, canonical, opened, onOpen }: ArgFieldProps) {
  const { row, mark, before } = compared;
  const { tone, word } = MARKS[mark];
  return (
    <Line row={row} tone={tone} word={word}>
      {before !== null && !isFolded(row, opened) ? (
        <ChangedValue row={row} before={before} now={opened ? wholeValue(canonical, row.path) : row.preview} />
      ) : (
        <Value row={row} text={opened ? wholeValue(canonical, row.path) : row.preview} folded={isFolded(row, opened)} />
      )}
      {isFolded(row, opened) && (
        <>
          <span className="my-1 block">
            <Button size="sm" onClick={() => onOpen(row.path)}>
              {formatCount(row.foldedBytes)} bytes hidden: show
            </Button>
          </span>
          <ArgText text={row.tail} />
          {quote(row)}
        </>
      )}
    </Line>
  );
}

/** A field of the last approved call that this one no longer has. */
export function RemovedField({ row }: { readonly row: ArgRow }) {
  return (
    <Line row={row} tone="bg-removed" word="not sent now">
      <del className="decoration-high">
        <Value row={row} text={row.preview} folded={false} />
      </del>
    </Line>
  );
}

function isFolded(row: ArgRow, opened: boolean): boolean {
  return row.foldedBytes > 0 && !opened;
}

type LineProps = {
  readonly row: ArgRow;
  readonly tone: string;
  readonly word: string | null;
  readonly children: ReactNode;
};

function Line({ row, tone, word, children }: LineProps) {
  return (
    <div
      className={cx(
        'grid grid-cols-1 gap-x-3 py-0.5 pr-3.5 text-xs leading-5 sm:grid-cols-[9rem_minmax(0,1fr)]',
        INDENTS[Math.min(row.depth, INDENTS.length - 1)],
        tone,
      )}
    >
      <code className="text-ink-3" title={row.path}>
        {row.key === '' ? '(whole)' : <SafeText text={row.key} />}
      </code>
      <div className="flex min-w-0 items-start gap-2">
        {/* On a phone names and values share one edge: without the bar, a line break in a value could pass for a field. */}
        <code className="min-w-0 flex-1 max-sm:border-l-2 max-sm:border-line-strong max-sm:pl-2.5">{children}</code>
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

function Value({ row, text, folded }: { readonly row: ArgRow; readonly text: string; readonly folded: boolean }) {
  switch (row.kind) {
    case 'object':
      return <span className="text-ink-3">{row.members === 0 ? '{ } empty' : plural(row.members, 'member')}</span>;
    case 'array':
      return <span className="text-ink-3">{row.members === 0 ? '[ ] empty' : plural(row.members, 'item')}</span>;
    case 'string':
      return (
        <>
          {quote(row)}
          <ArgText text={text} />
          {!folded && quote(row)}
        </>
      );
    case 'number':
    case 'boolean':
    case 'null':
    case 'unreadable':
      return <ArgText text={text} className="text-accent" />;
  }
}

function ChangedValue({ row, before, now }: { readonly row: ArgRow; readonly before: string; readonly now: string }) {
  if (row.kind === 'object' || row.kind === 'array') return <Value row={row} text={now} folded={false} />;
  const { head, removed, added, tail } = splitChange(before, now);
  return (
    <>
      {quote(row)}
      <ArgText text={head} />
      {removed !== '' && (
        <del className="bg-removed decoration-high">
          <ArgText text={removed} />
        </del>
      )}
      {removed !== '' && added !== '' && ' '}
      {added !== '' && (
        <ins className="font-semibold no-underline">
          <ArgText text={added} />
        </ins>
      )}
      <ArgText text={tail} />
      {quote(row)}
    </>
  );
}

/** Argument text: hidden characters as marks, line breaks kept, long blank runs as a count. */
function ArgText({ text, className }: { readonly text: string; readonly className?: string }) {
  return cutAtBlankRuns(text).map((part) => (
    <Fragment key={part.at}>
      <SafeText multiline text={part.text} {...(className === undefined ? {} : { className })} />
      {part.blanks > 0 && (
        <span className="mx-0.5 rounded-sm border border-medium-line bg-medium-soft px-1 text-2xs text-medium">
          {formatCount(part.blanks)} blanks
        </span>
      )}
    </Fragment>
  ));
}
