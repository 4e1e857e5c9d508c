'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useProposeCommand } from './commands-queries.ts';
import { nameError } from './server-fields.tsx';

/** Proposes a command of a program that the host lists: one argument a line, because no shell splits them. */
export function ProposeCommand({ programs }: { readonly programs: readonly string[] }) {
  const bar = useRoleBar('admin');
  const propose = useProposeCommand();
  const [name, setName] = useState('');
  const [lines, setLines] = useState('');
  const [reason, setReason] = useState('');
  const argv = lines.split('\n').filter((line) => line !== '');
  const blocked =
    bar ??
    (name === '' || nameError(name) !== null
      ? 'Give it a name first.'
      : argv.length === 0
        ? 'Write its program and arguments first.'
        : reason.trim() === ''
          ? 'Say why first.'
          : null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || propose.busy) return;
    const answer = await propose.run({ name, argv, reason });
    if (!answer.ok) return;
    setName('');
    setLines('');
    setReason('');
  };
  return (
    <form onSubmit={submit} className="grid gap-3 border-t px-3.5 py-3">
      <Field label="Name of the command" hint="Letters, digits and hyphens">
        <Input value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label="Program and arguments" hint={`One a line. This host lets these be started: ${programs.join(', ')}`}>
        <Textarea rows={4} className="font-mono" value={lines} onChange={(event) => setLines(event.target.value)} />
      </Field>
      <Field label="Why">
        <Input value={reason} onChange={(event) => setReason(event.target.value)} />
      </Field>
      {propose.problem !== null && <ProblemNotice problem={propose.problem} />}
      <div>
        <Button type="submit" busy={propose.busy} disabledReason={blocked}>
          Propose
        </Button>
      </div>
    </form>
  );
}
