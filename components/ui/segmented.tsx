'use client';

import { type KeyboardEvent, type ReactNode, useRef } from 'react';

type SegmentedProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: ReactNode }[];
  readonly onChange: (value: V) => void;
};

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Two or three views of one thing, side by side; exactly one is chosen. One stop for Tab, arrows choose. */
export function Segmented<V extends string>({ label, value, options, onChange }: SegmentedProps<V>) {
  const box = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    const chosen = options[next];
    if (chosen === undefined) return;
    onChange(chosen.value);
    box.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
  };
  return (
    <div
      ref={box}
      role="radiogroup"
      aria-label={label}
      onKeyDown={press}
      className="inline-flex rounded-md border bg-sunken p-0.5"
    >
      {options.map((option) => {
        const on = option.value === value;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a segment is a button to look at and one of several to hear
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={on}
            tabIndex={on ? 0 : -1}
            onClick={() => onChange(option.value)}
            className="h-6 rounded-sm px-2 font-medium text-ink-2 text-xs hover:text-ink aria-checked:bg-raised aria-checked:text-ink aria-checked:shadow-lift"
          >
            {option.text}
          </button>
        );
      })}
    </div>
  );
}
