'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { When } from '#components/ui/when.tsx';
import { plural } from '#lib/client/format.ts';
import { usePeople } from '#lib/client/use-lists.ts';
import { useHasRole, useMe, useRoleBar } from '#lib/client/use-me.ts';
import type { Person } from '#lib/contracts/people.ts';
import { CountsWith } from './counts-with.tsx';
import { EditPersonDialog } from './edit-person-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { roleWord } from './role-choice.tsx';
import { WithdrawInvitation } from './withdraw-invitation.tsx';

/** Who may sign in, and what each may do. */
export function PeoplePage() {
  const admin = useHasRole('admin');
  const query = usePeople(admin !== 'unknown');
  const bar = useRoleBar('admin');
  const [inviting, setInviting] = useState(false);
  const [editing, setEditing] = useState<Person | null>(null);
  return (
    <Page
      title="People"
      intro="Roles are a set: one person may hold several. Whoever owns an agent does not decide its calls, as soon as there is a second reviewer."
      actions={
        <Button variant="primary" disabledReason={bar} onClick={() => setInviting(true)}>
          <UserPlus aria-hidden="true" className="size-4" />
          Invite somebody
        </Button>
      }
    >
      <Loaded query={query} skeleton={<Skeleton card className="h-40" />}>
        {(page) => (
          <div className="grid gap-4">
            <SoloNote />
            <Card flush>
              <PeopleTable people={page.items} bar={bar} onEdit={setEditing} />
            </Card>
          </div>
        )}
      </Loaded>
      <InviteDialog open={inviting} onOpenChange={setInviting} />
      <EditPersonDialog person={editing} onClose={() => setEditing(null)} />
    </Page>
  );
}

function SoloNote() {
  const solo = useMe().data?.separation === 'solo';
  if (!solo) return null;
  return (
    <Notice title="One reviewer: separation is solo">
      <p>
        That person may decide the calls of their own agents, and every entry of the log says so. It ends as soon as a
        second person who counts for themselves holds the role reviewer.
      </p>
    </Notice>
  );
}

type TableProps = {
  readonly people: readonly Person[];
  readonly bar: string | null;
  readonly onEdit: (person: Person) => void;
};

function PeopleTable({ people, bar, onEdit }: TableProps) {
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
