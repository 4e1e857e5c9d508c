'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { useServers } from '#lib/client/lists/use-servers.ts';
import { useMe } from '#lib/client/use-me.ts';
import { observeScopeSchema } from '#lib/contracts/exceptions.ts';
import { useOpenObserve } from './use-observe-writes.ts';

type Kind = (typeof KINDS)[number]['value'];
type Props = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** What is chosen at first. */
  readonly first?: string | undefined;
};
const KINDS = [
  { value: 'control:approvals', text: 'Approvals: held calls pass' },
  { value: 'control:policies', text: 'Policies: denied calls pass' },
  { value: 'control:arguments', text: 'Arguments: the schema is not enforced' },
  { value: 'server', text: 'One server' },
  { value: 'rule', text: 'One rule' },
] as const;
const MINUTES = [
  [60, '1 hour'],
  [480, '8 hours'],
  [1440, '1 day'],
  [4320, '3 days'],
  [10_080, '7 days'],
  [20_160, '14 days'],
  [43_200, '30 days'],
] as const;

/** Asks for a window in which something only watches. */
export function OpenObserveDialog({ open, onOpenChange, first }: Props) {
  const solo = useMe().data?.separation === 'solo';
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Open an observe window"
        description={
          solo
            ? 'Calls pass in it, and what would have happened is counted. As the only reviewer you confirm it yourself after 60 seconds, with your password.'
            : 'Calls pass in it, and what would have happened is counted. It starts when another person of admin or security confirms.'
        }
      >
        <OpenForm first={kindOf(first)} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function kindOf(text: string | undefined): Kind {
  return KINDS.find(({ value }) => value === text)?.value ?? 'control:approvals';
}

function OpenForm({ first, onDone }: { readonly first: Kind; readonly onDone: () => void }) {
  const write = useOpenObserve();
  const servers = useServers().data?.items ?? [];
  const [kind, setKind] = useState<Kind>(first);
  const [name, setName] = useState('');
  const [minutes, setMinutes] = useState<number>(1440);
  const [reason, setReason] = useState('');
  const named = kind === 'server' || kind === 'rule';
  const scope = named ? `${kind}:${name.trim()}` : kind;
  const blocked = !observeScopeSchema.safeParse(scope).success
    ? `Name the ${kind}.`
    : reason.trim().length < 3
      ? 'Say why first, in a few words.'
      : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || write.busy) return;
    if ((await write.run({ scope, minutes, reason: reason.trim() })).ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-3">
      <Field label="What only watches">
        <Select
          value={kind}
          onChange={(event) => {
            setKind(kindOf(event.target.value));
            setName('');
          }}
        >
          {KINDS.map((one) => (
            <option key={one.value} value={one.value}>
              {one.text}
            </option>
          ))}
        </Select>
      </Field>
      {kind === 'server' && (
        <Field label="Which server">
          <Select value={name} onChange={(event) => setName(event.target.value)}>
            <option value="">Choose</option>
            {servers.map((server) => (
              <option key={server.id} value={server.name}>
                {server.name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      {kind === 'rule' && (
        <Field label="Which rule">
          <Input
            value={name}
            maxLength={32}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
      )}
      <Field
        label="For how long"
        hint="At most 30 days; at most 7 where it covers high-tier shell, money, access rights or secrets."
      >
        <Select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
          {MINUTES.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Why" hint="Kept in the log, and shown to others.">
        <Input value={reason} maxLength={500} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
      </Field>
      {write.problem !== null && <ProblemNotice problem={write.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={write.busy} disabledReason={blocked}>
          Ask for it
        </Button>
      </DialogActions>
    </form>
  );
}
