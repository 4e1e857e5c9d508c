'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { serverNow } from '#lib/client/time.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import { errorAt, type Fault } from './local-faults.ts';

const WEEK_MS = 7 * 86_400_000;

/** `2026-11-29T14:00`, local: what the browser's own control for a date and time takes. */
function localMinute(iso: string): string {
  const date = new Date(iso);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Whether a rule decides, or only records what it would have decided, and until when. */
export function ModeFields({
  rule,
  faults,
  onChange,
}: {
  readonly rule: Rule;
  readonly faults: readonly Fault[];
  readonly onChange: (rule: Rule) => void;
}) {
  const observes = rule.mode === 'observe';
  const choose = (mode: 'enforce' | 'observe') =>
    onChange({
      ...rule,
      mode: mode === 'observe' ? mode : undefined,
      observeUntil:
        mode === 'observe' ? (rule.observeUntil ?? new Date(serverNow() + WEEK_MS).toISOString()) : undefined,
    });
  return (
    <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="grid gap-1.5">
        <span className="font-medium text-ink-2 text-xs">Effect</span>
        <Segmented
          label="Effect"
          value={observes ? 'observe' : 'enforce'}
          onChange={choose}
          options={[
            { value: 'enforce', text: 'Enforce' },
            { value: 'observe', text: 'Observe only' },
          ]}
        />
      </div>
      {observes && (
        <div className="basis-64">
          <Field
            label="Observe until"
            hint="Calls pass as if the rule were not there; then it enforces."
            error={errorAt(faults, 'observeUntil')}
          >
            <Input
              type="datetime-local"
              value={rule.observeUntil === undefined ? '' : localMinute(rule.observeUntil)}
              onChange={(event) => {
                const { value } = event.target;
                onChange({ ...rule, observeUntil: value === '' ? undefined : new Date(value).toISOString() });
              }}
            />
          </Field>
        </div>
      )}
    </div>
  );
}
