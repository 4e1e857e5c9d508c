'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

type NumberFieldProps = {
  readonly label: string;
  readonly error?: string | null;
  readonly value: number;
  readonly onChange: (value: number) => void;
};

/** How many people; an emptied field is one, which is what a rule without the number means. */
export function NumberField({ label, error, value, onChange }: NumberFieldProps) {
  return (
    <Field label={label} error={error}>
      <Input
        type="number"
        inputMode="numeric"
        min={1}
        max={20}
        value={value}
        onChange={(event) => {
          const next = event.target.valueAsNumber;
          onChange(Number.isNaN(next) ? 1 : Math.min(20, Math.max(1, Math.round(next))));
        }}
      />
    </Field>
  );
}
