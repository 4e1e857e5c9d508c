'use client';

import type { ReactNode } from 'react';
import { serverNow } from '#lib/client/time.ts';
import { dateIn, type EndChoice, hourWords } from './end-choice.ts';
import { Field } from './field.tsx';
import { Input, Select } from './input.tsx';

type EndFieldProps = {
  readonly label?: string;
  readonly hint?: ReactNode;
  readonly value: EndChoice;
  readonly onChange: (value: EndChoice) => void;
  /** The spans to choose from, in hours. */
  readonly hours: readonly number[];
  /** Whether it may have no end at all. */
  readonly mayBeEndless?: boolean;
  /** The last day that may be named, counted from today. */
  readonly maxDays?: number;
};

/** When something ends: one of a few spans, a date, or never where that is allowed. */
export function EndField({
  label = 'Ends',
  hint,
  value,
  onChange,
  hours,
  mayBeEndless = false,
  maxDays,
}: EndFieldProps) {
  const now = serverNow();
  const choose = (chosen: string) => {
    if (chosen === 'on') onChange({ kind: 'on', date: '' });
    else if (chosen === 'never') onChange({ kind: 'never' });
    else onChange({ kind: 'in', hours: Number(chosen) });
  };
  return (
    <>
      <Field label={label} {...(hint === undefined ? {} : { hint })}>
        <Select
          value={value.kind === 'in' ? String(value.hours) : value.kind}
          onChange={(event) => choose(event.target.value)}
        >
          {hours.map((span) => (
            <option key={span} value={String(span)}>
              in {hourWords(span)}
            </option>
          ))}
          <option value="on">on a day…</option>
          {mayBeEndless && <option value="never">never</option>}
        </Select>
      </Field>
      {value.kind === 'on' && (
        <Field label="Last day">
          <Input
            type="date"
            value={value.date}
            min={dateIn(0, now)}
            {...(maxDays === undefined ? {} : { max: dateIn(maxDays, now) })}
            onChange={(event) => onChange({ kind: 'on', date: event.target.value })}
          />
        </Field>
      )}
    </>
  );
}
