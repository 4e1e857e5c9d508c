'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { DialogActions, DialogClose } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { BasicFields, EMPTY_BASICS, nameError } from './server-fields.tsx';
import { useCommands, useCreateServer } from './use-servers.ts';

type Command = { readonly name: string; readonly argv: readonly string[] };

type Added = { readonly onAdded: (name: string) => void; readonly leaving: boolean };

/** A server started by a command. Commands come from the host's configuration only: the web must never start a program of its choice. */
export function StdioForm({ onAdded, leaving }: Added) {
  const commands = useCommands(true);
  return (
    <Loaded query={commands} skeleton={<Skeleton card className="h-40" />}>
      {({ items }) =>
        items.length === 0 ? (
          <Notice title="No command is defined on this host">
            <p>
              Commands cannot be typed here: whoever can start programs owns the machine. Define one on the host, in{' '}
              <code>countersign.yaml</code>, and apply it with <code>npx countersign apply -f countersign.yaml</code>.
            </p>
          </Notice>
        ) : (
          <CommandForm commands={items} onAdded={onAdded} leaving={leaving} />
        )
      }
    </Loaded>
  );
}

function CommandForm({ commands, onAdded, leaving }: Added & { readonly commands: readonly Command[] }) {
  const create = useCreateServer();
  const [basics, setBasics] = useState(EMPTY_BASICS);
  const [command, setCommand] = useState(commands[0]?.name ?? '');
  const argv = commands.find((known) => known.name === command)?.argv ?? [];
  const blocked =
    basics.name === '' ? 'Give it a name.' : nameError(basics.name) !== null ? 'Correct the name first.' : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || create.busy) return;
    const answer = await create.run({ transport: 'stdio', ...basics, command });
    if (answer.ok) onAdded(basics.name);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Command" hint={<code className="[overflow-wrap:anywhere]">{argv.join(' ')}</code>}>
        <Select value={command} onChange={(event) => setCommand(event.target.value)}>
          {commands.map((known) => (
            <option key={known.name} value={known.name}>
              {known.name}
            </option>
          ))}
        </Select>
      </Field>
      <BasicFields value={basics} onChange={setBasics} />
      {create.problem !== null && <ProblemNotice problem={create.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={create.busy || leaving} disabledReason={blocked}>
          Add and scan
        </Button>
      </DialogActions>
    </form>
  );
}
