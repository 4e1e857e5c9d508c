'use client';

import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';

/** The groups in a text such as `platform-team, on-call`: each once, in the order they were written. */
export function groupsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter((name) => name !== ''))];
}

/** Which groups somebody is in: what a rule asks votes of, and who may break the glass. */
export function GroupsField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field
      label="Groups"
      optional
      hint="With commas between. Rules name them: two votes of platform-team, one of security."
    >
      <Input
        value={value}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="platform-team, on-call"
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}
