'use client';

import { useId } from 'react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { QuietHours } from '#lib/contracts/preferences.ts';
import { DAY_WORDS } from './notice-words.ts';

type Props = {
  readonly value: QuietHours | null;
  readonly highBreaksThrough: boolean;
  readonly onChange: (value: QuietHours | null) => void;
  readonly onBreakThrough: (breaks: boolean) => void;
};

/** Monday first, as a week is read; the numbers are those of the calendar, 0 = Sunday. */
const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

function usual(): QuietHours {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { from: '22:00', to: '07:00', timeZone, days: [0, 1, 2, 3, 4, 5, 6] };
}

/** When somebody is not told, in their own time zone, and whether the worst comes through. */
export function QuietHoursFields({ value, highBreaksThrough, onChange, onBreakThrough }: Props) {
  const zones = useId();
  return (
    <div className="grid gap-4">
      <Checkbox
        label="Keep quiet at certain hours"
        hint="What comes meanwhile is told when they are over, in one message. Whoever is on call is told at once all the same."
        checked={value !== null}
        onCheckedChange={(on) => onChange(on === true ? usual() : null)}
      />
      {value !== null && (
        <>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-[7rem_7rem_minmax(0,1fr)]">
            <Field label="From">
              <Input
                type="time"
                value={value.from}
                onChange={(event) => onChange({ ...value, from: event.target.value })}
              />
            </Field>
            <Field label="To">
              <Input
                type="time"
                value={value.to}
                onChange={(event) => onChange({ ...value, to: event.target.value })}
              />
            </Field>
            <div className="col-span-2 sm:col-span-1">
              <Field label="Time zone">
                <Input
                  value={value.timeZone}
                  list={zones}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => onChange({ ...value, timeZone: event.target.value })}
                />
              </Field>
              <datalist id={zones}>
                {Intl.supportedValuesOf('timeZone').map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </div>
          </div>
          <fieldset>
            <legend className="mb-1.5 font-medium text-ink-2 text-xs">On the nights that begin on</legend>
            <div className="flex flex-wrap gap-x-4 gap-y-2">
              {WEEK.map((day) => (
                <Checkbox
                  key={day}
                  label={DAY_WORDS[day]}
                  checked={value.days.includes(day)}
                  onCheckedChange={(on) =>
                    onChange({
                      ...value,
                      days: on === true ? [...value.days, day].sort() : value.days.filter((other) => other !== day),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
          <Checkbox
            label="High-tier approvals come through"
            hint="Everything else waits until the quiet hours are over."
            checked={highBreaksThrough}
            onCheckedChange={(on) => onBreakThrough(on === true)}
          />
        </>
      )}
    </div>
  );
}
