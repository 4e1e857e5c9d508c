'use client';

import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { useMe } from '#lib/client/use-me.ts';
import type { Person } from '#lib/contracts/people.ts';
import { CountsWith } from './counts-with.tsx';
import { roleWord } from './role-choice.tsx';
import { WithdrawInvitation } from './withdraw-invitation.tsx';

type TableProps = {
  readonly people: readonly Person[];
  readonly bar: string | null;
  readonly onEdit: (person: Person) => void;
};

export function PeopleTable({ people, bar, onEdit }: TableProps) {
  const me = useMe();
  return (
    <Table caption="People" reflow>
      <thead>
        <tr>
          <Th>Person</Th>
          <Th>Roles</Th>
          <Th>State</Th>
          <Th className="hidden sm:table-cell">Last sign-in</Th>
          <Th>
            <span className="sr-only">Edit</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Tr key={person.id}>
            <Td>
              <span className="font-semibold">
                {person.name === '' ? person.email : person.name}
                {person.id === me.data?.id && <span className="font-normal text-ink-3"> (you)</span>}
              </span>
              {person.name !== '' && (
                <span className="block text-ink-3 text-xs [overflow-wrap:anywhere]">{person.email}</span>
              )}
              <CountsWith person={person} />
            </Td>
            <Td className="text-ink-2">
              {person.roles.map(roleWord).join(', ') || 'none'}
              {person.groups.length > 0 && (
                <span className="block text-ink-3 text-xs [overflow-wrap:anywhere]">{person.groups.join(', ')}</span>
              )}
            </Td>
            <Td>
              <span className="flex flex-wrap gap-1">
                <PersonState status={person.status} />
                {person.sso !== null && <Badge>SSO</Badge>}
              </span>
            </Td>
            <Td className="hidden whitespace-nowrap text-ink-2 sm:table-cell">
              {person.lastSignInAt === null ? 'never' : <When at={person.lastSignInAt} />}
              {person.sessions !== null && person.sessions > 0 && (
                <span className="block text-ink-3 text-xs">{plural(person.sessions, 'live session')}</span>
              )}
            </Td>
            <Td className="text-right max-sm:ml-auto">
              {person.status === 'invited' ? (
                <WithdrawInvitation person={person} bar={bar} />
              ) : (
                <Button size="sm" disabledReason={bar} onClick={() => onEdit(person)}>
                  Edit…
                </Button>
              )}
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function PersonState({ status }: { readonly status: Person['status'] }) {
  switch (status) {
    case 'active':
      return <Badge tone="good">Active</Badge>;
    case 'invited':
      return <Badge tone="accent">Invited</Badge>;
    case 'disabled':
      return <Badge>Disabled</Badge>;
  }
}
