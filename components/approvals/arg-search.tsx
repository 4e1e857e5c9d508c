'use client';

import { ChevronDown, ChevronUp, Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { ArgMatches } from '#components/args/search-args.ts';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';

type ArgSearchProps = {
  readonly query: string;
  readonly matches: ArgMatches;
  /** Which matching field is shown, from 0. */
  readonly current: number;
  readonly onQuery: (query: string) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onClose: () => void;
};

/** Finds text in names and values of the arguments, folded parts included. Enter and Shift+Enter go through the fields. */
export function ArgSearch({ query, matches, current, onQuery, onMove, onClose }: ArgSearchProps) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') onMove(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape') onClose();
    else return;
    // Escape would close the request as well, and Enter might press something.
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="flex flex-wrap items-center gap-1.5 border-b px-3.5 py-1.5">
      <Search aria-hidden="true" className="size-3.5 text-ink-3" />
      <Input
        ref={input}
        type="text"
        aria-label="Search in the arguments"
        value={query}
        autoComplete="off"
        spellCheck={false}
        placeholder="Name or value"
        className="min-w-0 flex-1 basis-40"
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={press}
      />
      <span role="status" className="tabular min-w-28 text-ink-2 text-xs">
        {words(query, matches, current)}
      </span>
      <IconButton label="Previous field found" onClick={() => onMove(-1)}>
        <ChevronUp aria-hidden="true" />
      </IconButton>
      <IconButton label="Next field found" onClick={() => onMove(1)}>
        <ChevronDown aria-hidden="true" />
      </IconButton>
      <IconButton label="Close the search" onClick={onClose}>
        <X aria-hidden="true" />
      </IconButton>
    </search>
  );
}

function words(query: string, matches: ArgMatches, current: number): string {
  if (query === '') return '';
  if (matches.paths.length === 0) return 'Not found';
  const hits = matches.hits === 1 ? '1 hit' : `${matches.hits.toLocaleString('en-US')} hits`;
  return `Field ${current + 1} of ${matches.paths.length}, ${hits}`;
}
