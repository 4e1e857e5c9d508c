'use client';

import { Checkbox } from '#components/ui/checkbox.tsx';
import { type Role, roleSchema } from '#lib/contracts/shared-shapes.ts';

const ROLES: Readonly<Record<Role, { readonly word: string; readonly may: string }>> = {
  reviewer: { word: 'Reviewer', may: 'Decides calls that wait, except those of agents they own.' },
  admin: { word: 'Admin', may: 'Registers servers and agents, sets tiers, the allowlist and people.' },
  security: { word: 'Security', may: 'Reads and exports the log, stops and restores tools.' },
};

/** A role's name as people say it. */
export function roleWord(role: Role): string {
  return ROLES[role].word;
}

/** Which roles somebody has: a set, because one person may need several. */
export function RoleChoice({
  value,
  onChange,
}: {
  readonly value: readonly Role[];
  readonly onChange: (roles: readonly Role[]) => void;
}) {
  return (
    <fieldset className="grid gap-2.5">
      <legend className="mb-1.5 font-medium text-ink-2 text-xs">Roles</legend>
      {roleSchema.options.map((role) => (
        <Checkbox
          key={role}
          label={ROLES[role].word}
          hint={ROLES[role].may}
          checked={value.includes(role)}
          onCheckedChange={(on) => onChange(on === true ? [...value, role] : value.filter((other) => other !== role))}
        />
      ))}
    </fieldset>
  );
}
