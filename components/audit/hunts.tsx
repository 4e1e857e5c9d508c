'use client';

import { Crosshair, Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent, DialogTrigger } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import { Input } from '#components/ui/input.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { Hunt } from '#lib/contracts/hunts.ts';
import { FILTER_NAMES, type Filters, filtersFrom } from './filters.ts';
import { READY_HUNTS } from './ready-hunts.ts';
import { useForgetHunt, useHunts, useRenameHunt, useSaveHunt } from './use-hunts.ts';

type Props = { readonly filters: Filters; readonly onHunt: (filters: Filters) => void };

/** Sets of filters under a name: what security asks first, and what this person saved. */
export function Hunts({ filters, onHunt }: Props) {
  const [open, setOpen] = useState(false);
  const go = (to: Filters) => {
    setOpen(false);
    onHunt(to);
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button>
          <Crosshair aria-hidden="true" className="size-4" />
          Hunts
        </Button>
      </DialogTrigger>
      <DialogContent title="Hunts" description="A hunt is a set of filters under a name. Yours are seen by you alone.">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
          <SaveHunt filters={filters} />
          <OwnHunts onHunt={go} />
          <Group heading="Ready made">
            {READY_HUNTS.map((hunt) => (
              <li key={hunt.name}>
                <HuntButton name={hunt.name} about={hunt.about} onClick={() => go(hunt.filters)} />
              </li>
            ))}
          </Group>
        </div>
      </DialogContent>
    </Dialog>
  );
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <section aria-label={heading}>
      <h3 className="mb-1 font-semibold text-ink-2 text-xs">{heading}</h3>
      <ul className="-mx-2 grid">{children}</ul>
    </section>
  );
}

type HuntButtonProps = { readonly name: string; readonly about: string; readonly onClick: () => void };

function HuntButton({ name, about, onClick }: HuntButtonProps) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="block w-full min-w-0 rounded-md px-2 py-1 text-left hover:bg-sunken"
    >
      <SafeText text={name} as="p" className="font-medium" />
      <SafeText text={about} as="p" className="truncate text-ink-3 text-xs" />
    </button>
  );
}

function SaveHunt({ filters }: { readonly filters: Filters }) {
  const [name, setName] = useState('');
  const save = useSaveHunt();
  const { before: _, ...kept } = filters;
  const blocked =
    Object.keys(kept).length === 0
      ? 'Narrow the timeline first: there is no filter to save.'
      : name.trim() === ''
        ? 'Give it a name.'
        : null;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || save.busy) return;
    const saved = await save.run({ name: name.trim(), filters });
    if (saved.ok) setName('');
  };
  return (
    <form onSubmit={(event) => void send(event)} className="grid gap-2">
      <Field label="Save what is shown now as">
        <div className="flex gap-2">
          <Input
            aria-label="Name of the new hunt"
            value={name}
            maxLength={60}
            autoComplete="off"
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" busy={save.busy} disabledReason={blocked}>
            Save
          </Button>
        </div>
      </Field>
      {save.problem !== null && <ProblemNotice problem={save.problem} />}
      <p role="status" className="sr-only">
        {save.answer === undefined ? '' : 'Saved.'}
      </p>
    </form>
  );
}

function OwnHunts({ onHunt }: { readonly onHunt: (filters: Filters) => void }) {
  const query = useHunts();
  const forget = useForgetHunt();
  const [renaming, setRenaming] = useState<string | null>(null);
  return (
    <Group heading="Yours">
      <Loaded query={query} skeleton={<Skeleton className="h-8" />}>
        {({ items }) => (
          <>
            {items.length === 0 && <li className="px-2 text-ink-3">None saved yet.</li>}
            {items.map((hunt) => (
              <li key={hunt.id} className="flex items-center gap-1">
                {renaming === hunt.id ? (
                  <RenameHunt hunt={hunt} onDone={() => setRenaming(null)} />
                ) : (
                  <>
                    <HuntButton
                      name={hunt.name}
                      about={aboutOf(hunt)}
                      onClick={() => onHunt(filtersFrom(new URLSearchParams(hunt.filters)))}
                    />
                    <IconButton label="Rename this hunt" onClick={() => setRenaming(hunt.id)}>
                      <Pencil aria-hidden="true" />
                    </IconButton>
                    <IconButton label="Forget this hunt" onClick={() => void forget.run(hunt.id)}>
                      <Trash2 aria-hidden="true" />
                    </IconButton>
                  </>
                )}
              </li>
            ))}
          </>
        )}
      </Loaded>
      {forget.problem !== null && (
        <li>
          <ProblemNotice problem={forget.problem} />
        </li>
      )}
    </Group>
  );
}

function aboutOf(hunt: Hunt): string {
  const filters = filtersFrom(new URLSearchParams(hunt.filters));
  const said = FILTER_NAMES.flatMap((name) => (filters[name] === undefined ? [] : [`${name}: ${filters[name]}`]));
  return said.length === 0 ? 'its filters are of another release' : said.join(', ');
}

function RenameHunt({ hunt, onDone }: { readonly hunt: Hunt; readonly onDone: () => void }) {
  const [name, setName] = useState(hunt.name);
  const rename = useRenameHunt();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '' || rename.busy) return;
    const renamed = await rename.run({ id: hunt.id, name: name.trim() });
    if (renamed.ok) onDone();
  };
  return (
    <form onSubmit={(event) => void send(event)} className="grid w-full gap-2 px-2 py-1">
      <div className="flex gap-2">
        <Input
          aria-label="New name"
          autoFocus
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={rename.busy} disabledReason={name.trim() === '' ? 'Give it a name.' : null}>
          Rename
        </Button>
        <Button variant="ghost" onClick={onDone}>
          Cancel
        </Button>
      </div>
      {rename.problem !== null && <ProblemNotice problem={rename.problem} />}
    </form>
  );
}
