'use client';

import { X } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Input } from '#components/ui/input.tsx';
import { Choices } from './choices.tsx';

type TokenFieldProps = {
  readonly value: readonly string[] | undefined;
  /** Called with undefined when nothing is left: a condition that is not there, not one that nothing meets. */
  readonly onChange: (value: readonly string[] | undefined) => void;
  readonly options: readonly string[];
  readonly placeholder: string;
  /** What one of them is called, for the names of the buttons: `agent`. */
  readonly noun: string;
};

const MOST_SHOWN = 8;

/** Several names or patterns, completed from what exists. Enter or a comma adds one, Backspace in the empty field removes the last. */
export function TokenField({ value = [], onChange, options, placeholder, noun }: TokenFieldProps) {
  const listId = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(-1);
  const [open, setOpen] = useState(false);
  const typed = text.trim();
  const fitting = options
    .filter((option) => !value.includes(option) && option.toLowerCase().includes(typed.toLowerCase()))
    .slice(0, MOST_SHOWN);
  const shown = open && fitting.length > 0;

  const change = (next: readonly string[]) => onChange(next.length === 0 ? undefined : next);
  const add = (token: string) => {
    if (token !== '' && !value.includes(token)) change([...value, token]);
    setText('');
    setActive(-1);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    switch (event.key) {
      case 'Enter':
      case ',':
        event.preventDefault();
        return add(shown ? (fitting[active] ?? typed) : typed);
      case 'ArrowDown':
      case 'ArrowUp': {
        event.preventDefault();
        setOpen(true);
        const by = event.key === 'ArrowDown' ? 1 : -1;
        return setActive(
          (at) => (at + by + fitting.length + (at === -1 && by === -1 ? 1 : 0)) % Math.max(1, fitting.length),
        );
      }
      case 'Escape':
        setOpen(false);
        return setActive(-1);
      case 'Backspace':
        if (text === '' && value.length > 0) change(value.slice(0, -1));
        return;
    }
  };
  return (
    <div className="grid gap-1.5">
      {value.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {value.map((token) => (
            <li
              key={token}
              className="inline-flex max-w-full items-center gap-0.5 rounded-md border bg-sunken pl-2 font-mono text-xs"
            >
              <SafeText text={token} className="py-1" />
              <button
                type="button"
                aria-label={`Remove ${noun} ${token}`}
                onClick={() => change(value.filter((other) => other !== token))}
                className="target grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:text-ink"
              >
                <X aria-hidden="true" className="size-3" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="relative">
        <Input
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={shown}
          {...(shown ? { 'aria-controls': listId } : {})}
          {...(shown && active >= 0 ? { 'aria-activedescendant': `${listId}-${active}` } : {})}
          value={text}
          placeholder={value.length === 0 ? placeholder : `Another ${noun}`}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setOpen(true);
            setActive(-1);
          }}
          onFocus={() => setOpen(true)}
          onBlur={() => {
            setOpen(false);
            add(typed);
          }}
          onKeyDown={press}
        />
        {shown && (
          <Choices
            id={listId}
            label={`Known ${noun}s`}
            active={active}
            choices={fitting.map((option) => ({ key: option, text: option }))}
            onPick={(at) => add(fitting[at] ?? typed)}
          />
        )}
      </div>
    </div>
  );
}
