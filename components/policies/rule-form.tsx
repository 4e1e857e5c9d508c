'use client';

import type { ReactNode } from 'react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import type { Decision, Rule } from '#lib/core/policies/rule.ts';
import { EFFECTS, effectDoes, effectWord } from './effect-badge.tsx';
import { HoldFields } from './hold-fields.tsx';
import { errorAt, type Fault } from './local-faults.ts';
import { ModeFields } from './mode-fields.tsx';
import type { Registry } from './use-registry.ts';
import { WhenFields } from './when-fields.tsx';

type Props = {
  readonly rule: Rule;
  readonly faults: readonly Fault[];
  readonly registry: Registry;
  readonly onChange: (rule: Rule) => void;
};

/** One rule as a sentence to fill in: when, if, then. */
export function RuleForm({ rule, faults, registry, onChange }: Props) {
  return (
    <div className="grid gap-5">
      <div className="grid items-start gap-4 sm:grid-cols-[14rem_minmax(0,1fr)]">
        <Field label="Name" error={errorAt(faults, 'name')}>
          <Input
            value={rule.name}
            maxLength={32}
            spellCheck={false}
            autoComplete="off"
            className="font-mono"
            onChange={(event) => onChange({ ...rule, name: event.target.value })}
          />
        </Field>
        <Field label="What it is for" optional error={errorAt(faults, 'description')}>
          <Input
            value={rule.description ?? ''}
            maxLength={500}
            autoComplete="off"
            onChange={(event) => onChange({ ...rule, description: event.target.value || undefined })}
          />
        </Field>
      </div>
      <Part title="When">
        <WhenFields rule={rule} faults={faults} registry={registry} onChange={onChange} />
      </Part>
      <Part title="Then">
        <div className="grid gap-4">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <Segmented
              label="What happens to these calls"
              value={rule.then}
              onChange={(then) => onChange(withDecision(rule, then))}
              options={EFFECTS.map((effect) => ({ value: effect, text: effectWord(effect) }))}
            />
            <span className="text-ink-2">{`The call ${THEN_WORDS[rule.then]}.`}</span>
          </div>
          {rule.then === 'hold' && (
            <HoldFields rule={rule} faults={faults} groups={registry.groups} onChange={onChange} />
          )}
          {rule.then === 'allow' && (
            <Checkbox
              label="Also free what the tier holds"
              hint="Without it an allow rule never frees a medium or high call. It takes effect only in a version that two people published."
              checked={rule.frees === true}
              onCheckedChange={(on) => onChange({ ...rule, frees: on === true ? true : undefined })}
            />
          )}
          <ModeFields rule={rule} faults={faults} onChange={onChange} />
        </div>
      </Part>
    </div>
  );
}

const THEN_WORDS: Readonly<Record<Decision, string>> = {
  deny: `is ${effectDoes('deny')}`,
  hold: effectDoes('hold'),
  allow: effectDoes('allow'),
};

/** A rule with another decision, without the members that only the old one has. */
function withDecision(rule: Rule, decision: Decision): Rule {
  const { name, description, when, mode, observeUntil } = rule;
  const kept = { name, description, when, if: rule.if, mode, observeUntil };
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  return rule.then === decision ? rule : { ...kept, then: decision };
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="border-t pt-3">
      <h3 className="mb-3 font-semibold text-xs">{title}</h3>
      {children}
    </section>
  );
}
