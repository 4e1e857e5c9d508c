'use client';

import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/input.tsx';
import { classWords } from '#lib/client/format.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { ACTION_CLASSES, TIERS } from '#lib/core/risk/types.ts';
import { ConditionField } from './condition-field.tsx';
import { errorAt, type Fault } from './local-faults.ts';
import { TimeFields } from './time-fields.tsx';
import { TokenField } from './token-field.tsx';
import { conditionWorld, type Registry, toolOptions } from './use-registry.ts';

type Props = {
  readonly rule: Rule;
  readonly faults: readonly Fault[];
  readonly registry: Registry;
  readonly onChange: (rule: Rule) => void;
};
type When = Rule['when'];

const ANSWERS = { any: undefined, yes: true, no: false } as const;

/** Which calls a rule is about. What is left empty matches every call. */
export function WhenFields({ rule, faults, registry, onChange }: Props) {
  const { when } = rule;
  const set = (change: Partial<When>) => onChange({ ...rule, when: { ...when, ...change } });
  return (
    <div className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <Field label="Agents" error={errorAt(faults, 'when.agents')}>
          <TokenField
            noun="agent"
            placeholder="any agent"
            options={registry.agents}
            value={when.agents}
            onChange={(agents) => set({ agents })}
          />
        </Field>
        <Field label="Servers" error={errorAt(faults, 'when.servers')}>
          <TokenField
            noun="server"
            placeholder="any server"
            options={registry.servers}
            value={when.servers}
            onChange={(servers) => set({ servers })}
          />
        </Field>
        <Field label="Tools" hint="* stands for anything: delete_*, files__*" error={errorAt(faults, 'when.tools')}>
          <TokenField
            noun="tool"
            placeholder="any tool"
            options={toolOptions(rule, registry)}
            value={when.tools}
            onChange={(tools) => set({ tools })}
          />
        </Field>
      </div>
      <Several
        legend="Tiers"
        none="Any tier"
        options={TIERS.map((tier) => ({ value: tier, text: tier }))}
        chosen={when.tiers}
        onChange={(tiers) => set({ tiers })}
      />
      <details open={when.classes !== undefined}>
        <summary className="target w-fit rounded-sm font-medium text-ink-2 text-xs hover:text-ink">
          {`Action classes: ${when.classes === undefined ? 'any' : when.classes.map(classWords).join(', ')}`}
        </summary>
        <div className="mt-2">
          <Several
            legend="Action classes"
            none="Any class"
            options={ACTION_CLASSES.map((name) => ({ value: name, text: classWords(name) }))}
            chosen={when.classes}
            onChange={(classes) => set({ classes })}
          />
        </div>
      </details>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Session">
          <Select
            value={when.tainted === undefined ? 'any' : when.tainted ? 'yes' : 'no'}
            onChange={(event) => {
              const { value } = event.target;
              if (value === 'any' || value === 'yes' || value === 'no') set({ tainted: ANSWERS[value] });
            }}
          >
            <option value="any">Any session</option>
            <option value="yes">Has read untrusted content</option>
            <option value="no">Has read nothing untrusted</option>
          </Select>
        </Field>
        <Field label="Arguments" hint="Whether every command, statement and encoding in them can be read by a parser">
          <Select
            value={when.inspectable === undefined ? 'any' : when.inspectable ? 'yes' : 'no'}
            onChange={(event) => {
              const { value } = event.target;
              if (value === 'any' || value === 'yes' || value === 'no') set({ inspectable: ANSWERS[value] });
            }}
          >
            <option value="any">Any arguments</option>
            <option value="no">Cannot be inspected</option>
            <option value="yes">Can be inspected</option>
          </Select>
        </Field>
        <TimeFields time={when.time} error={errorAt(faults, 'when.time')} onChange={(time) => set({ time })} />
      </div>
      <ConditionField
        value={rule.if}
        error={errorAt(faults, 'if')}
        world={conditionWorld(rule, registry)}
        onChange={(source) => onChange({ ...rule, if: source })}
      />
    </div>
  );
}

type SeveralProps<V extends string> = {
  readonly legend: string;
  readonly none: string;
  readonly options: readonly { readonly value: V; readonly text: string }[];
  readonly chosen: readonly V[] | undefined;
  readonly onChange: (chosen: readonly V[] | undefined) => void;
};

/** Some of a closed list; none ticked = the condition is not there. */
function Several<V extends string>({ legend, none, options, chosen, onChange }: SeveralProps<V>) {
  const toggle = (value: V, on: boolean) => {
    // In the order of the list, whatever the order of the clicks: the same choice is the same rule.
    const next = options
      .map((option) => option.value)
      .filter((one) => (one === value ? on : chosen?.includes(one) === true));
    onChange(next.length === 0 ? undefined : next);
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 flex gap-1.5 font-medium text-ink-2 text-xs">
        {legend}
        {chosen === undefined && <span className="font-normal text-ink-3">{none}</span>}
      </legend>
      <div className="flex flex-wrap gap-x-4 gap-y-2">
        {options.map((option) => (
          <Checkbox
            key={option.value}
            label={option.text}
            checked={chosen?.includes(option.value) === true}
            onCheckedChange={(on) => toggle(option.value, on === true)}
          />
        ))}
      </div>
    </fieldset>
  );
}
