'use client';

import Link from 'next/link';
import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { nameSchema } from '#lib/contracts/shared-shapes.ts';
import { AgentFields, type AgentSettings } from './agent-fields.tsx';
import { SecretShown } from './secret-shown.tsx';
import { useCreateAgent } from './use-agents.ts';

const DEFAULTS: AgentSettings = { client: 'sdk', requestTimeoutMs: null, pendingCap: 20, servers: [], aggregate: true };

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Creates an agent and shows its secret, this once. A click beside the dialog must not lose the secret. */
export function CreateAgentDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title="Create an agent" width="lg" onInteractOutside={(event) => event.preventDefault()}>
        <CreateForm />
      </DialogContent>
    </Dialog>
  );
}

function CreateForm() {
  const create = useCreateAgent();
  const [name, setName] = useState('');
  const [settings, setSettings] = useState(DEFAULTS);
  const [made, setMade] = useState<{ readonly clientId: string; readonly clientSecret: string } | null>(null);
  const wrong = name !== '' && !nameSchema.safeParse(name).success;
  const blocked = name === '' ? 'Give it a name.' : wrong ? 'Correct the name first.' : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || create.busy) return;
    const answer = await create.run({ name, ...settings });
    if (answer.ok) setMade(answer.value);
  };
  if (made !== null) {
    return (
      <>
        <SecretShown secret={made} />
        <DialogActions>
          <DialogClose asChild>
            <Button>Close</Button>
          </DialogClose>
          <Link href={`/agents/${name}`} className={buttonClasses('primary')}>
            Connect it
          </Link>
        </DialogActions>
      </>
    );
  }
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Name"
        hint="Reviewers see it on every request; it cannot be changed later."
        error={wrong ? 'Lower-case letters, digits and inner hyphens, at most 32 characters.' : null}
      >
        <Input
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder="release-bot"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={32}
          required
        />
      </Field>
      <AgentFields value={settings} onChange={setSettings} />
      {create.problem !== null && <ProblemNotice problem={create.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={create.busy} disabledReason={blocked}>
          Create
        </Button>
      </DialogActions>
    </form>
  );
}
