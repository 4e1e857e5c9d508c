'use client';

import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { Field } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Select } from '#components/ui/input.tsx';
import type { Person } from '#lib/contracts/people.ts';

type Props = {
  readonly ids: readonly string[];
  readonly people: readonly Person[];
  readonly onChange: (ids: readonly string[]) => void;
};

/**
 * People in an order. The arrow buttons move one up or down, and so do the arrow keys with Alt on any of its buttons; where it
 * went is said, and the focus stays on it.
 */
export function PeopleOrder({ ids, people, onChange }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState('');
  const nameOf = (id: string) => {
    const person = people.find((one) => one.id === id);
    return person === undefined ? 'somebody who is no longer active' : person.name || person.email;
  };
  const rest = people.filter((person) => !ids.includes(person.id));
  const move = (from: number, by: -1 | 1) => {
    const id = ids[from];
    const to = from + by;
    if (id === undefined || to < 0 || to >= ids.length) return;
    const others = ids.filter((one) => one !== id);
    onChange([...others.slice(0, to), id, ...others.slice(to)]);
    setSaid(`${nameOf(id)} is number ${to + 1} of ${ids.length}.`);
    // The row moves in the document, and a moved element loses the focus.
    const direction = by === -1 ? 'up' : 'down';
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>(`[data-move="${id}-${direction}"]`)?.focus());
  };
  const press = (event: KeyboardEvent, from: number) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(from, event.key === 'ArrowUp' ? -1 : 1);
  };
  return (
    <div className="grid gap-2">
      <p id="people-order" className="font-medium text-ink-2 text-xs">
        Who is told, in this order
      </p>
      {ids.length > 0 && (
        <ol ref={list} aria-labelledby="people-order" className="overflow-clip rounded-md border">
          {ids.map((id, index) => (
            <li key={id} className="flex items-center gap-2 border-b py-0.5 pr-0.5 pl-3 last:border-b-0">
              <span className="tabular text-ink-3">{index + 1}</span>
              <span className="min-w-0 flex-1 truncate">{nameOf(id)}</span>
              <IconButton
                label={`Move ${nameOf(id)} up`}
                data-move={`${id}-up`}
                onKeyDown={(event) => press(event, index)}
                onClick={() => move(index, -1)}
              >
                <ArrowUp aria-hidden="true" />
              </IconButton>
              <IconButton
                label={`Move ${nameOf(id)} down`}
                data-move={`${id}-down`}
                onKeyDown={(event) => press(event, index)}
                onClick={() => move(index, 1)}
              >
                <ArrowDown aria-hidden="true" />
              </IconButton>
              <IconButton
                label={`Take ${nameOf(id)} out`}
                onClick={() => {
                  onChange(ids.filter((one) => one !== id));
                  setSaid(`${nameOf(id)} is out.`);
                }}
              >
                <X aria-hidden="true" />
              </IconButton>
            </li>
          ))}
        </ol>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
      {rest.length > 0 && (
        <Field label="Add somebody">
          <Select value="" onChange={(event) => event.target.value !== '' && onChange([...ids, event.target.value])}>
            <option value="">Choose…</option>
            {rest.map((person) => (
              <option key={person.id} value={person.id}>
                {person.name || person.email}
              </option>
            ))}
          </Select>
        </Field>
      )}
    </div>
  );
}
