'use client';

import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';

const CHOICES = [
  [0, 'End them now, with every token'],
  [900, '15 minutes'],
  [3_600, '1 hour'],
  [14_400, '4 hours'],
  [86_400, '24 hours'],
] as const;
export const DEFAULT_OVERLAP_S = 3_600;

/** How long the present keys go on beside a new one. */
export function OverlapField({
  value,
  onChange,
}: {
  readonly value: number;
  readonly onChange: (value: number) => void;
}) {
  return (
    <Field label="The present keys go on for" hint="Long enough to give the agent its new key; not longer.">
      <Select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {CHOICES.map(([seconds, words]) => (
          <option key={seconds} value={seconds}>
            {words}
          </option>
        ))}
      </Select>
    </Field>
  );
}
