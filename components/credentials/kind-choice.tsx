'use client';

import { useId } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { type CredentialKind, isMigrationKind } from '#lib/core/credentials/kinds.ts';
import { isMinted } from './credential-draft.ts';
import { KIND_WORDS } from './credential-words.ts';

type KindChoiceProps = {
  readonly kinds: readonly CredentialKind[];
  readonly value: CredentialKind;
  readonly onChange: (kind: CredentialKind) => void;
};

const rank = (kind: CredentialKind) => (isMinted(kind) ? 0 : isMigrationKind(kind) ? 2 : 1);

/** Which kind of secret it is: the short-lived first, the ones that are only lent last and marked. */
export function KindChoice({ kinds, value, onChange }: KindChoiceProps) {
  const name = useId();
  return (
    <fieldset className="grid gap-1.5">
      <legend className="mb-1.5 font-medium text-ink-2 text-xs">Kind</legend>
      <div className="grid gap-1.5 sm:grid-cols-3">
        {kinds
          .toSorted((a, b) => rank(a) - rank(b))
          .map((kind) => (
            <label
              key={kind}
              className="flex min-h-9 cursor-pointer flex-wrap items-center gap-x-2 gap-y-0.5 rounded-md border border-line-control px-2.5 py-1.5 font-medium text-sm has-[:checked]:border-accent has-[:checked]:bg-accent-soft has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2"
            >
              <input
                type="radio"
                name={name}
                value={kind}
                checked={kind === value}
                onChange={() => onChange(kind)}
                className="size-3.5 accent-accent outline-none"
              />
              {KIND_WORDS[kind].word}
              {isMinted(kind) && <Badge tone="good">minutes</Badge>}
              {isMigrationKind(kind) && <Badge tone="warning">migration</Badge>}
            </label>
          ))}
      </div>
      <p className="text-ink-3 text-xs">{KIND_WORDS[value].says}</p>
    </fieldset>
  );
}
