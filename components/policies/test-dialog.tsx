'use client';

import { useId, useState } from 'react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';
import { ACTION_CLASSES, TIERS } from '#lib/core/risk/types.ts';
import { EFFECTS, effectWord } from './effect-badge.tsx';
import { EMPTY_TEST, fieldsOf, type TestFaults, type TestFields, testFrom } from './test-form.ts';
import { useSavePolicyTest } from './use-policy-tests.ts';
import type { Registry } from './use-registry.ts';

type Props = {
  readonly open: boolean;
  /** The one to change; null = a new one. */
  readonly test: PolicyTest | null;
  readonly registry: Registry;
  readonly onClose: () => void;
};

/** Writes a policy test: the call, and what must come of it. */
export function TestDialog({ open, test, registry, onClose }: Props) {
  return (
    <Dialog open={open} onOpenChange={(shown) => !shown && onClose()}>
      <DialogContent
        title={test === null ? 'Add a test' : 'Change a test'}
        description="It belongs to the installation: every draft is held against it. Everybody who is signed in can read it."
      >
        <TestForm test={test} registry={registry} onClose={onClose} />
      </DialogContent>
    </Dialog>
  );
}

function TestForm({ test, registry, onClose }: Omit<Props, 'open'>) {
  const [fields, setFields] = useState<TestFields>(() => (test === null ? EMPTY_TEST : fieldsOf(test)));
  const [faults, setFaults] = useState<TestFaults>({});
  const save = useSavePolicyTest(test?.name ?? null);
  const set = (change: Partial<TestFields>) => {
    setFields({ ...fields, ...change });
    const left = Object.entries(faults).filter(([field]) => !(field in change));
    setFaults(Object.fromEntries(left));
  };
  const send = async () => {
    const made = testFrom(fields);
    if (made.test === null) return setFaults(made.faults);
    const answer = await save.run(made.test);
    if (answer.ok) onClose();
  };
  const tools = registry.tools.filter(({ server }) => fields.server === '' || server === fields.server);
  const text = (label: string, field: 'name' | 'agent' | 'server' | 'tool', known: readonly string[]) => (
    <Named
      label={label}
      value={fields[field]}
      error={faults[field]}
      known={known}
      onChange={(value) => set({ [field]: value })}
    />
  );
  return (
    <DialogForm
      commit={test === null ? 'Add it' : 'Save it'}
      blocked={null}
      busy={save.busy}
      problem={save.problem}
      onSubmit={() => void send()}
    >
      {text('Name', 'name', [])}
      <div className="grid gap-3 sm:grid-cols-3">
        {text('Agent', 'agent', registry.agents)}
        {text('Server', 'server', registry.servers)}
        {text('Tool', 'tool', [...new Set(tools.map(({ name }) => name))])}
      </div>
      <Field label="Arguments" hint="A JSON object. Put no secret here." error={faults.args}>
        <Textarea
          value={fields.args}
          rows={4}
          spellCheck={false}
          className="font-mono text-xs"
          onChange={(event) => set({ args: event.target.value })}
        />
      </Field>
      <div className="grid gap-3 sm:grid-cols-3">
        <Choice label="Tier" value={fields.tier} options={TIERS} onChange={(tier) => set({ tier })} />
        <Choice
          label="Class"
          value={fields.actionClass}
          options={ACTION_CLASSES}
          onChange={(actionClass) => set({ actionClass })}
        />
        <Field label="Time, in UTC" optional error={faults.at}>
          <Input
            value={fields.at}
            placeholder="now"
            autoComplete="off"
            onChange={(event) => set({ at: event.target.value })}
          />
        </Field>
      </div>
      <Checkbox
        label="The session has read untrusted content"
        checked={fields.tainted}
        onCheckedChange={(tainted) => set({ tainted })}
      />
      <div className="grid gap-3 sm:grid-cols-3">
        <Field label="What must come">
          <Select value={fields.decision} onChange={(event) => set({ decision: event.target.value })}>
            {EFFECTS.map((decision) => (
              <option key={decision} value={decision}>
                {effectWord(decision)}
              </option>
            ))}
          </Select>
        </Field>
        {fields.decision === 'hold' && (
          <Field label="People, at least" optional error={faults.quorum}>
            <Input
              inputMode="numeric"
              value={fields.quorum}
              placeholder="1"
              onChange={(event) => set({ quorum: event.target.value })}
            />
          </Field>
        )}
      </div>
    </DialogForm>
  );
}

type NamedProps = {
  readonly label: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly known: readonly string[];
  readonly onChange: (value: string) => void;
};

/** A name, completed from what is registered by the platform's own list. */
function Named({ label, value, error, known, onChange }: NamedProps) {
  const list = useId();
  return (
    <Field label={label} error={error}>
      <Input
        value={value}
        list={list}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {known.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Field>
  );
}

type ChoiceProps = {
  readonly label: string;
  readonly value: string;
  readonly options: readonly string[];
  readonly onChange: (value: string) => void;
};

function Choice({ label, value, options, onChange }: ChoiceProps) {
  return (
    <Field label={label} optional>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">As registered</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </Select>
    </Field>
  );
}
