'use client';

import { Search, X } from 'lucide-react';
import type { KeyboardEvent, RefObject } from 'react';
import { KeyHint } from '#components/shell/key-hint.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';

type InboxFilterProps = {
  readonly field: RefObject<HTMLInputElement | null>;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Arrow down or Enter: on to the list. */
  readonly onLeave: () => void;
  /** How many of how many are shown, said when a filter is set. */
  readonly found: string;
};

/** Narrows the list by words of its lines. */
export function InboxFilter({ field, value, onChange, onLeave, found }: InboxFilterProps) {
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'Enter') onLeave();
    else if (event.key === 'Escape' && value !== '') onChange('');
    else if (event.key === 'Escape') field.current?.blur();
    else return;
    event.preventDefault();
  };
  return (
    <div className="relative border-b px-4 py-1.5">
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 left-6.5 size-3.5 -translate-y-1/2 text-ink-3"
      />
      <Input
        ref={field}
        type="text"
        inputMode="search"
        aria-label="Filter requests"
        placeholder="Filter: words, tier:high, agent:…"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={value}
        onKeyDown={press}
        onChange={(event) => onChange(event.target.value)}
        className="pr-9 pl-8"
      />
      <span className="absolute top-1/2 right-5 flex -translate-y-1/2 items-center">
        {value === '' ? (
          <span className="pr-1.5">
            <KeyHint command="/" />
          </span>
        ) : (
          <IconButton label="Clear the filter" onClick={() => onChange('')}>
            <X aria-hidden="true" />
          </IconButton>
        )}
      </span>
      <span role="status" className="sr-only">
        {value.trim() === '' ? '' : found}
      </span>
    </div>
  );
}
