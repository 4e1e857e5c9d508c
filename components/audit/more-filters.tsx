'use client';

import type { FormEvent } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import type { FilterName, Filters } from './filters.ts';

type Props = { readonly filters: Filters; readonly onChange: (next: Filters) => void };

const FIELDS = [
  { name: 'tool', label: 'Tool', numeric: false },
  { name: 'host', label: 'Host', numeric: false },
  { name: 'policy', label: 'Policy version', numeric: true },
  { name: 'session', label: 'Session', numeric: false },
] as const satisfies readonly { readonly name: FilterName; readonly label: string; readonly numeric: boolean }[];

/** What is typed rather than picked: names that no list holds. Taken together, when the form is sent. */
export function MoreFilters({ filters, onChange }: Props) {
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const next: Partial<Record<FilterName, string>> = { ...filters };
    for (const { name } of FIELDS) {
      const value = String(form.get(name) ?? '').trim();
      if (value === '') delete next[name];
      else next[name] = value;
    }
    onChange(next);
  };
  return (
    <form
      key={FIELDS.map(({ name }) => filters[name] ?? '').join('\n')}
      onSubmit={send}
      className="grid grid-cols-[repeat(auto-fit,minmax(8.5rem,1fr))] items-end gap-2"
    >
      {FIELDS.map(({ name, label, numeric }) => (
        <Field key={name} label={label}>
          <Input
            name={name}
            defaultValue={filters[name] ?? ''}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            {...(numeric ? { inputMode: 'numeric', pattern: '[0-9]{1,9}', title: 'A number, such as 3' } : {})}
          />
        </Field>
      ))}
      <Button type="submit">Apply</Button>
    </form>
  );
}
