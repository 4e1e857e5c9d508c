'use client';

import { createContext, type ReactNode, use, useId } from 'react';

type FieldIds = { readonly control: string; readonly hint: string; readonly error: string; readonly invalid: boolean };
const FieldContext = createContext<FieldIds | null>(null);

type FieldProps = {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  readonly optional?: boolean;
  readonly children: ReactNode;
};

/** A labelled control with its hint and, when something is wrong, the sentence that says what. */
export function Field({ label, hint, error, optional = false, children }: FieldProps) {
  const id = useId();
  const invalid = error !== undefined && error !== null;
  const ids = { control: `${id}c`, hint: `${id}h`, error: `${id}e`, invalid };
  return (
    <FieldContext value={ids}>
      <div className="grid gap-1.5">
        <label htmlFor={ids.control} className="flex gap-1.5 font-medium text-ink-2 text-xs">
          {label}
          {optional && <span className="font-normal text-ink-3">optional</span>}
        </label>
        {children}
        {hint !== undefined && (
          <p id={ids.hint} className="text-ink-3 text-xs">
            {hint}
          </p>
        )}
        {invalid && (
          <p id={ids.error} role="alert" className="font-medium text-high text-xs">
            {error}
          </p>
        )}
      </div>
    </FieldContext>
  );
}

/** What a control inside a Field must carry so that the label, hint and error belong to it. */
export function useFieldControl(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const ids = use(FieldContext);
  if (ids === null) return {};
  return {
    id: ids.control,
    'aria-describedby': `${ids.hint} ${ids.error}`,
    ...(ids.invalid ? { 'aria-invalid': true } : {}),
  };
}
