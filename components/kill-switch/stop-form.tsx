'use client';

import { OctagonX } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { KillDialog } from '#components/shell/kill-dialog.tsx';
import { scopeWords } from '#components/shell/kill-words.ts';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { classWords } from '#lib/client/format.ts';
import type { KillSwitch } from '#lib/contracts/kill-switch.ts';
import { parseScope } from '#lib/core/kill-switch/scopes.ts';
import { ACTION_CLASSES, TIERS } from '#lib/core/risk/types.ts';

const KINDS = [
  { value: 'high-risk', text: 'High-risk tools', target: null },
  { value: 'server', text: 'One server', target: 'Its name' },
  { value: 'tool', text: 'One tool', target: 'server/tool' },
  { value: 'class', text: 'An action class', target: 'Which class' },
  { value: 'agent', text: 'One agent', target: 'Its name' },
  { value: 'tier', text: 'A tier', target: 'Which tier' },
  { value: 'everything', text: 'Every tool of every agent', target: null },
] as const;
type Kind = (typeof KINDS)[number]['value'];

type StopFormProps = { readonly stopped: KillSwitch['scopes']; readonly mayAct: boolean };

/** Stops something narrower or wider than all high-risk tools. */
export function StopForm({ stopped, mayAct }: StopFormProps) {
  const [kind, setKind] = useState<Kind>('high-risk');
  const [target, setTarget] = useState('');
  const [open, setOpen] = useState(false);
  const [touched, setTouched] = useState(false);
  const row = KINDS.find((one) => one.value === kind) ?? KINDS[0];
  const scope = row.target === null ? kind : `${kind}:${target.trim()}`;
  const valid = parseScope(scope).ok;
  const already = stopped.some((one) => one.on && one.scope === scope);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (valid && mayAct && !already) setOpen(true);
  };
  return (
    <Card title="Stop something">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-2.5">
        <div className="basis-52">
          <Field label="What">
            <Select
              value={kind}
              onChange={(event) => {
                setKind(KINDS.find((one) => one.value === event.target.value)?.value ?? 'high-risk');
                setTarget('');
                setTouched(false);
              }}
            >
              {KINDS.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.text}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        {row.target !== null && (
          <div className="basis-52">
            <Field label={row.target} error={touched && !valid ? 'No such scope: check how it is written.' : null}>
              <Target kind={kind} value={target} onChange={setTarget} />
            </Field>
          </div>
        )}
        <Button
          type="submit"
          variant="danger"
          disabledReason={
            !mayAct
              ? 'Stopping needs the role security or admin.'
              : already
                ? `${scopeWords(scope)}: stopped already.`
                : null
          }
        >
          <OctagonX aria-hidden="true" className="size-4" />
          Stop…
        </Button>
      </form>
      <KillDialog scope={scope} open={open} onOpenChange={setOpen} />
      <p className="mt-3 text-ink-3 text-xs">
        With console and database down: write a scope, for example <code>high-risk</code>, into the file{' '}
        <code>KILL</code> in the gateway’s data folder, one a line. On the host,{' '}
        <code className="whitespace-nowrap">npx countersign kill high-risk --reason …</code> does the same as this page.
      </p>
    </Card>
  );
}

function Target({
  kind,
  value,
  onChange,
}: {
  readonly kind: Kind;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const choices = kind === 'tier' ? TIERS : kind === 'class' ? ACTION_CLASSES : null;
  if (choices !== null) {
    return (
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Choose</option>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {classWords(choice)}
          </option>
        ))}
      </Select>
    );
  }
  return (
    <Input
      value={value}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
