'use client';

import { useId } from 'react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { type TimeWindow, WEEKDAYS } from '#lib/core/policies/rule.ts';

type Props = {
  readonly time: TimeWindow | undefined;
  readonly error: string | null;
  readonly onChange: (time: TimeWindow | undefined) => void;
};

/** The zones that the browser knows; the server's own list decides. */
const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone');

/** A window of wall-clock time: the rule is about calls within it. */
export function TimeFields({ time, error, onChange }: Props) {
  const listId = useId();
  if (time === undefined) {
    return (
      <div className="sm:pt-6.5">
        <Checkbox
          label="Only at certain times"
          checked={false}
          onCheckedChange={() => onChange({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}
        />
      </div>
    );
  }
  const days = time.days ?? [];
  return (
    <fieldset className="grid gap-3 rounded-md border px-3 pt-2 pb-3 sm:col-span-2">
      <legend className="px-1">
        <Checkbox label="Only at certain times" checked onCheckedChange={() => onChange(undefined)} />
      </legend>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {WEEKDAYS.map((day) => (
          <Checkbox
            key={day}
            label={day}
            checked={days.includes(day)}
            onCheckedChange={(on) => {
              const next = WEEKDAYS.filter((one) => (one === day ? on === true : days.includes(one)));
              onChange({ ...time, days: next.length === 0 ? undefined : next });
            }}
          />
        ))}
        {days.length === 0 && <span className="text-ink-3">every day</span>}
      </div>
      <div className="grid items-start gap-3 sm:grid-cols-3">
        <Field label="From">
          <Input
            type="time"
            value={time.from ?? ''}
            onChange={(event) => onChange({ ...time, from: event.target.value || undefined })}
          />
        </Field>
        <Field label="To, over midnight if earlier">
          <Input
            type="time"
            value={time.to ?? ''}
            onChange={(event) => onChange({ ...time, to: event.target.value || undefined })}
          />
        </Field>
        <Field label="Time zone" error={error}>
          <Input
            list={listId}
            value={time.zone}
            spellCheck={false}
            onChange={(event) => onChange({ ...time, zone: event.target.value })}
          />
        </Field>
        <datalist id={listId}>
          {ZONES.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      </div>
    </fieldset>
  );
}
