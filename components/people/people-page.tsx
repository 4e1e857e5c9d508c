'use client';

import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { useHasRole, useMe, useRoleBar } from '#lib/client/use-me.ts';
import type { Person } from '#lib/contracts/people.ts';

const peopleTable = arriving(() => import('./people-table.tsx').then((file) => file.PeopleTable), 'at-once');

const inviteDialog = arriving(() => import('./invite-dialog.tsx').then((file) => file.InviteDialog), 'at-rest');

const editPersonDialog = arriving(
  () => import('./edit-person-dialog.tsx').then((file) => file.EditPersonDialog),
  'at-rest',
);

/** Who may sign in, and what each may do. */
export function PeoplePage() {
  const PeopleTable = useArrived(peopleTable);
  const admin = useHasRole('admin');
  const query = usePeople(admin !== 'unknown');
  const bar = useRoleBar('admin');
  const [inviting, setInviting] = useState(false);
  const InviteDialog = useArrived(inviteDialog, inviting);
  const [editing, setEditing] = useState<Person | null>(null);
  const EditPersonDialog = useArrived(editPersonDialog, editing !== null);
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
      <Loaded query={query} skeleton={<Skeleton card className="h-40" />} arrived={PeopleTable !== null}>
        {(page) => (
          <div className="grid gap-4">
            <SoloNote />
            <Card flush>
              {PeopleTable !== null && <PeopleTable people={page.items} bar={bar} onEdit={setEditing} />}
            </Card>
          </div>
        )}
      </Loaded>
      {InviteDialog !== null && <InviteDialog open={inviting} onOpenChange={setInviting} />}
      {EditPersonDialog !== null && <EditPersonDialog person={editing} onClose={() => setEditing(null)} />}
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
