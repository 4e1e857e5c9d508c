'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { DialogActions, DialogClose } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { EgressConfirm } from './egress-confirm.tsx';
import { addressError, BasicFields, EMPTY_BASICS, nameError } from './server-fields.tsx';
import { egressNeeded, useCreateServer } from './use-servers.ts';

/** A server reached over streamable HTTP. The first try shows the allowlist entry it needs; the second adds both. */
export function HttpForm({
  onAdded,
  leaving,
}: {
  readonly onAdded: (name: string) => void;
  readonly leaving: boolean;
}) {
  const create = useCreateServer();
  const [basics, setBasics] = useState(EMPTY_BASICS);
  const [url, setUrl] = useState('');
  // Nothing is wrong with an address while it is being typed.
  const [left, setLeft] = useState(false);
  const needed = egressNeeded(create.problem);
  const blocked =
    basics.name === '' || url === ''
      ? 'Give it a name and an address.'
      : nameError(basics.name) !== null || addressError(url) !== null
        ? 'Correct the name or the address first.'
        : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || create.busy) return;
    const answer = await create.run({
      transport: 'http',
      ...basics,
      url,
      ...(needed === null ? {} : { egress: needed }),
    });
    if (answer.ok) onAdded(basics.name);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field label="Address" hint="Its MCP endpoint (streamable HTTP)." error={left ? addressError(url) : null}>
        <Input
          type="url"
          value={url}
          onBlur={() => setLeft(true)}
          onChange={(event) => {
            // The entry that was shown belongs to the old address.
            create.reset();
            setUrl(event.target.value.trim());
          }}
          placeholder="https://tickets.example.com/mcp"
          autoComplete="off"
          spellCheck={false}
          required
        />
      </Field>
      <BasicFields value={basics} onChange={setBasics} />
      {needed !== null && <EgressConfirm entry={needed} />}
      {create.problem !== null && needed === null && <ProblemNotice problem={create.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={create.busy || leaving} disabledReason={blocked}>
          {needed === null ? 'Add and scan' : 'Allow the destination and add'}
        </Button>
      </DialogActions>
    </form>
  );
}
