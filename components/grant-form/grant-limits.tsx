'use client';

import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';

export type Limits = { readonly minutes: number; readonly maxUses: string; readonly reason: string };
export const FIRST_LIMITS: Limits = { minutes: 30, maxUses: '10', reason: '' };
const MINUTES = [
  [5, '5 minutes'],
  [15, '15 minutes'],
  [30, '30 minutes'],
  [60, '1 hour'],
  [240, '4 hours'],
  [480, '8 hours'],
  [1440, '24 hours'],
] as const;

/** What keeps the limits from being sent, as a sentence; null = nothing. */
export function blockLimits({ maxUses, reason }: Limits): string | null {
  const uses = Number(maxUses);
  if (!Number.isInteger(uses) || uses < 1 || uses > 10_000) return 'Uses: a whole number from 1 to 10,000.';
  return reason.trim().length < 3 ? 'Say why first, in a few words.' : null;
}

/** How long, how often, and why. */
export function LimitFields({
  value,
  onChange,
}: {
  readonly value: Limits;
  readonly onChange: (value: Limits) => void;
}) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="For at most" hint="Counted from the last vote it needs.">
        <Select value={value.minutes} onChange={(event) => onChange({ ...value, minutes: Number(event.target.value) })}>
          {MINUTES.map(([minutes, text]) => (
            <option key={minutes} value={minutes}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Uses at most" hint="Each call that passes is one.">
        <Input
          inputMode="numeric"
          value={value.maxUses}
          maxLength={5}
          onChange={(event) => onChange({ ...value, maxUses: event.target.value })}
        />
      </Field>
      <div className="sm:col-span-2">
        <Field label="Why" hint="Kept in the log, and shown to others.">
          <Input
            value={value.reason}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => onChange({ ...value, reason: event.target.value })}
          />
        </Field>
      </div>
    </div>
  );
}
