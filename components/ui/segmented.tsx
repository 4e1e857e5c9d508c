'use client';

import { ToggleGroup as Radix } from 'radix-ui';
import type { ReactNode } from 'react';

type SegmentedProps<V extends string> = {
  readonly label: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly text: ReactNode }[];
  readonly onChange: (value: V) => void;
};

/** Two or three views of one thing, side by side; exactly one is chosen. */
export function Segmented<V extends string>({ label, value, options, onChange }: SegmentedProps<V>) {
  return (
    <Radix.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className="inline-flex rounded-md border bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Radix.Item
          key={option.value}
          value={option.value}
          className="h-6 rounded-sm px-2 font-medium text-ink-2 text-xs hover:text-ink data-[state=on]:bg-raised data-[state=on]:text-ink data-[state=on]:shadow-lift"
        >
          {option.text}
        </Radix.Item>
      ))}
    </Radix.Root>
  );
}
