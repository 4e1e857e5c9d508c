'use client';

import { useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { UNITS, unitOf } from './durations.ts';

type DurationFieldProps = {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  /** What applies when the field is empty. */
  readonly placeholder: string;
  readonly value: number | undefined;
  readonly onChange: (seconds: number | undefined) => void;
};

/** A time as a number and a unit; empty = the default, which stands in the field. */
export function DurationField({ label, hint, error, placeholder, value, onChange }: DurationFieldProps) {
  const [size, setSize] = useState<number>(value === undefined || value === 0 ? 60 : unitOf(value).size);
  return (
    <Field label={label} hint={hint} error={error}>
      <div className="flex gap-1.5">
        <Input
          type="number"
          inputMode="numeric"
          min={0}
          step="any"
          className="min-w-0 flex-1"
          placeholder={placeholder}
          value={value === undefined ? '' : value / size}
          onChange={(event) => {
            const next = event.target.valueAsNumber;
            onChange(Number.isNaN(next) ? undefined : Math.round(next * size));
          }}
        />
        <select
          aria-label={`Unit of ${label.toLowerCase()}`}
          value={size}
          onChange={(event) => {
            const next = Number(event.target.value);
            setSize(next);
            if (value !== undefined) onChange(Math.round((value / size) * next));
          }}
          className="h-9 w-26 shrink-0 rounded-md border border-line-control bg-panel px-2 text-base sm:h-8 sm:text-sm"
        >
          {UNITS.map((unit) => (
            <option key={unit.unit} value={unit.size}>
              {unit.many}
            </option>
          ))}
        </select>
      </div>
    </Field>
  );
}
