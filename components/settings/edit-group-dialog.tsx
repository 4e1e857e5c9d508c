'use client';

import { useState } from 'react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ScrollBox } from '#components/ui/scroll-box.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { type Group, groupNameSchema } from '#lib/contracts/groups.ts';
import type { Person } from '#lib/contracts/people.ts';
import { useChangeGroup } from './use-settings-parts.ts';

type Props = { readonly group: Group | null; readonly open: boolean; readonly onClose: () => void };

/** Who is in a group; for a new one its name too. */
export function EditGroupDialog({ group, open, onClose }: Props) {
  const query = usePeople(open);
  return (
    <Dialog open={open} onOpenChange={(now) => !now && onClose()}>
      <DialogContent
        title={group === null ? 'New group' : `Group ${group.name}`}
        description="It takes effect at once: who is in, and who is out, for requests that wait now too."
      >
        <Loaded query={query} skeleton={<Skeleton className="h-40" />}>
          {(people) => (
            <GroupForm group={group} people={people.items.filter((one) => one.status !== 'invited')} onDone={onClose} />
          )}
        </Loaded>
      </DialogContent>
    </Dialog>
  );
}

type FormProps = { readonly group: Group | null; readonly people: readonly Person[]; readonly onDone: () => void };

function GroupForm({ group, people, onDone }: FormProps) {
  const write = useChangeGroup();
  const before = group?.members.map((member) => member.id) ?? [];
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(before);
  const add = chosen.filter((id) => !before.includes(id));
  const remove = before.filter((id) => !chosen.includes(id));
  const blocked =
    group === null && !groupNameSchema.safeParse(name).success
      ? 'Give it a name without spaces and commas.'
      : group === null && chosen.length === 0
        ? 'Choose at least one person: a group is whoever is in it.'
        : add.length + remove.length === 0
          ? 'Nothing is changed yet.'
          : null;
  const save = async () => {
    const answer = await write.run(
      group === null
        ? { kind: 'new', name: name.trim(), memberIds: [...chosen] }
        : { kind: 'change', name: group.name, patch: { add, remove } },
    );
    if (answer.ok) onDone();
  };
  const given = group?.members.filter((member) => member.fromProvider && remove.includes(member.id)) ?? [];
  return (
    <DialogForm commit="Save" blocked={blocked} busy={write.busy} problem={write.problem} onSubmit={() => void save()}>
      {group === null && (
        <Field label="Name" hint="As rules write it: platform-team.">
          <Input
            value={name}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      )}
      <fieldset className="grid gap-1.5">
        <legend className="mb-1.5 font-medium text-ink-2 text-xs">Who is in it</legend>
        <ScrollBox label="People" className="max-h-72 rounded-md border px-2.5 py-1">
          {people.map((person) => (
            <Checkbox
              key={person.id}
              className="py-1.5"
              label={person.name || person.email}
              hint={`${person.email}${person.status === 'disabled' ? ', disabled' : ''}`}
              checked={chosen.includes(person.id)}
              onCheckedChange={(on) =>
                setChosen(on === true ? [...chosen, person.id] : chosen.filter((id) => id !== person.id))
              }
            />
          ))}
        </ScrollBox>
      </fieldset>
      {given.length > 0 && (
        <p className="text-medium text-xs">
          {given.map((member) => member.name || member.email).join(', ')} got this group at the sign-in provider, and
          gets it back at the next sign-in while the group is there.
        </p>
      )}
    </DialogForm>
  );
}
