'use client';

import { When } from '#components/ui/when.tsx';
import type { Person } from '#lib/contracts/people.ts';
import { roleWord } from './role-choice.tsx';

/** Whether somebody is bound to a subject at the provider, and what their groups there give them. */
export function SsoBinding({ person }: { readonly person: Person }) {
  const { sso } = person;
  if (sso === null) return null;
  const given = [...sso.roles.map(roleWord), ...sso.groups];
  return (
    <section aria-label="Sign-in provider" className="mt-5 grid gap-1 border-t pt-4">
      <h3 className="font-medium text-ink-2 text-xs">Sign-in provider</h3>
      <p className="text-ink-2">
        Bound{sso.boundAt === null ? '' : ' '}
        {sso.boundAt !== null && <When at={sso.boundAt} />}
        {person.hasPassword ? ', and has a password too.' : ', without a password.'}
      </p>
      <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">
        {given.length === 0
          ? 'Groups there give nothing here.'
          : `Groups there give ${given.join(', ')}: taken back at the next sign-in after the group is gone, and given again while it is there.`}
      </p>
    </section>
  );
}
