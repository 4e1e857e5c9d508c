'use client';

import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { IconButton } from '#components/ui/icon-button.tsx';
import type { Rule } from '#lib/core/policies/rule.ts';
import { DurationField } from './duration-field.tsx';
import { errorAt, type Fault } from './local-faults.ts';
import { NumberField } from './number-field.tsx';
import { TokenField } from './token-field.tsx';

type Props = {
  readonly rule: Rule;
  readonly faults: readonly Fault[];
  readonly groups: readonly string[];
  readonly onChange: (rule: Rule) => void;
};

/** Who must countersign a held call, and how long everything may take. */
export function HoldFields({ rule, faults, groups, onChange }: Props) {
  const set = (change: Partial<Rule>) => onChange({ ...rule, ...change });
  return (
    <div className="grid gap-4">
      <div className="grid items-start gap-4 sm:grid-cols-[9rem_minmax(0,1fr)]">
        <NumberField
          label="People needed"
          error={errorAt(faults, 'quorum')}
          value={rule.quorum ?? 1}
          onChange={(quorum) => set({ quorum: quorum === 1 ? undefined : quorum })}
        />
        <Field label="Of these groups" optional error={errorAt(faults, 'from')}>
          <TokenField
            noun="group"
            placeholder="any reviewer"
            options={groups}
            value={rule.from}
            onChange={(from) => set({ from })}
          />
        </Field>
      </div>
      <Factors rule={rule} faults={faults} groups={groups} onChange={onChange} />
      <Checkbox
        label="Each approval needs a passkey"
        hint="The reviewer proves presence for exactly this call. Without a passkey, no approval."
        checked={rule.stepUp === 'passkey'}
        onCheckedChange={(on) => set({ stepUp: on === true ? 'passkey' : undefined })}
      />
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <DurationField
          label="Waits for at most"
          placeholder="15 min high, 60 medium"
          error={errorAt(faults, 'expiresInS')}
          value={rule.expiresInS}
          onChange={(expiresInS) => set({ expiresInS })}
        />
        <DurationField
          label="Can be undone for"
          placeholder="as the tier does"
          error={errorAt(faults, 'undoS')}
          value={rule.undoS}
          onChange={(undoS) => set({ undoS })}
        />
        <DurationField
          label="A vote counts for"
          placeholder="15"
          error={errorAt(faults, 'voteTtlS')}
          value={rule.voteTtlS}
          onChange={(voteTtlS) => set({ voteTtlS })}
        />
        <DurationField
          label="An approval is good for"
          placeholder="15"
          error={errorAt(faults, 'approvedForS')}
          value={rule.approvedForS}
          onChange={(approvedForS) => set({ approvedForS })}
        />
      </div>
      <Escalation rule={rule} faults={faults} groups={groups} onChange={onChange} />
    </div>
  );
}

/** Further requirements, each to be met by other people: two of the platform team, and one of security. */
function Factors({ rule, faults, groups, onChange }: Props) {
  const factors = rule.factors ?? [];
  const put = (next: Rule['factors']) => onChange({ ...rule, factors: next?.length === 0 ? undefined : next });
  return (
    <Rows
      legend="And also, by other people"
      error={errorAt(faults, 'factors')}
      add="Another requirement"
      onAdd={factors.length >= 5 ? null : () => put([...factors, { groups: [], count: 1 }])}
    >
      {factors.map((factor, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a requirement has no name; rows are only added at the end
          key={at}
          label={`requirement ${at + 1}`}
          onRemove={() => put(factors.toSpliced(at, 1))}
        >
          <NumberField
            label="People"
            value={factor.count}
            onChange={(count) => put(factors.with(at, { ...factor, count }))}
          />
          <Field label="Of these groups">
            <TokenField
              noun="group"
              placeholder="a group"
              options={groups}
              value={factor.groups}
              onChange={(next) => put(factors.with(at, { ...factor, groups: next ?? [] }))}
            />
          </Field>
        </Row>
      ))}
    </Rows>
  );
}

/** Who is asked too when nobody decided after a while. */
function Escalation({ rule, faults, groups, onChange }: Props) {
  const steps = rule.escalate ?? [];
  const put = (next: Rule['escalate']) => onChange({ ...rule, escalate: next?.length === 0 ? undefined : next });
  return (
    <Rows
      legend="If nobody decides, ask these too"
      error={errorAt(faults, 'escalate')}
      add="Escalation step"
      onAdd={steps.length >= 5 ? null : () => put([...steps, { afterS: 300 * (steps.length + 1), groups: [] }])}
    >
      {steps.map((step, at) => (
        <Row
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name; rows are only added at the end
          key={at}
          label={`step ${at + 1}`}
          onRemove={() => put(steps.toSpliced(at, 1))}
        >
          <DurationField
            label="After"
            placeholder="5"
            value={step.afterS}
            onChange={(afterS) => put(steps.with(at, { ...step, afterS: afterS ?? 0 }))}
          />
          <Field label="Ask these groups">
            <TokenField
              noun="group"
              placeholder="a group"
              options={groups}
              value={step.groups}
              onChange={(next) => put(steps.with(at, { ...step, groups: next ?? [] }))}
            />
          </Field>
        </Row>
      ))}
    </Rows>
  );
}

type RowsProps = {
  readonly legend: string;
  readonly error: string | null;
  readonly add: string;
  readonly onAdd: (() => void) | null;
  readonly children: ReactNode;
};

function Rows({ legend, error, add, onAdd, children }: RowsProps) {
  return (
    <fieldset className="grid min-w-0 justify-items-start gap-2">
      <legend className="mb-1.5 font-medium text-ink-2 text-xs">{legend}</legend>
      {children}
      {error !== null && (
        <p role="alert" className="font-medium text-high text-xs">
          {error}
        </p>
      )}
      <Button size="sm" disabledReason={onAdd === null ? 'Five are the most.' : null} onClick={() => onAdd?.()}>
        <Plus aria-hidden="true" className="size-3.5" />
        {add}
      </Button>
    </fieldset>
  );
}

function Row({
  label,
  onRemove,
  children,
}: {
  readonly label: string;
  readonly onRemove: () => void;
  readonly children: ReactNode;
}) {
  return (
    <div className="flex w-full items-start gap-2 rounded-md border bg-sunken p-2.5">
      <div className="grid min-w-0 flex-1 items-start gap-2.5 sm:grid-cols-[minmax(7rem,14rem)_minmax(0,1fr)]">
        {children}
      </div>
      <IconButton label={`Remove ${label}`} onClick={onRemove}>
        <X aria-hidden="true" />
      </IconButton>
    </div>
  );
}
