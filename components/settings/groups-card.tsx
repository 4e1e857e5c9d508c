'use client';

import { Users } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { useGroups } from '#lib/client/lists/use-groups.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { Group } from '#lib/contracts/groups.ts';

const editGroupDialog = arriving(
  () => import('./edit-group-dialog.tsx').then((file) => file.EditGroupDialog),
  'at-rest',
);
/** Which group the dialog is for: one of the list, a new one, or none. */
type Editing = { readonly kind: 'none' } | { readonly kind: 'new' } | { readonly kind: 'group'; readonly name: string };

/** Every group with its people, and what asks for it. */
export function GroupsCard() {
  const query = useGroups();
  const bar = useRoleBar('admin');
  const [editing, setEditing] = useState<Editing>({ kind: 'none' });
  const current = query.data?.items.find((group) => editing.kind === 'group' && group.name === editing.name) ?? null;
  const EditGroupDialog = useArrived(editGroupDialog, editing.kind === 'new' || current !== null);
  return (
    <Card
      title="Groups"
      aside={
        <Button size="sm" disabledReason={bar} onClick={() => setEditing({ kind: 'new' })}>
          New group
        </Button>
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-32" />}>
        {(page) =>
          page.items.length === 0 ? (
            <EmptyState icon={<Users aria-hidden="true" />} title="No groups yet">
              A rule may ask votes of a group: two of platform-team, one of security. Until one does, any reviewer
              decides.
            </EmptyState>
          ) : (
            <ul aria-label="Groups">
              {page.items.map((group) => (
                <GroupLine
                  key={group.name}
                  group={group}
                  bar={bar}
                  onEdit={() => setEditing({ kind: 'group', name: group.name })}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {EditGroupDialog !== null && (
        <EditGroupDialog
          group={current}
          open={editing.kind === 'new' || current !== null}
          onClose={() => setEditing({ kind: 'none' })}
        />
      )}
    </Card>
  );
}

type LineProps = { readonly group: Group; readonly bar: string | null; readonly onEdit: () => void };

function GroupLine({ group, bar, onEdit }: LineProps) {
  const active = group.members.filter((member) => member.active);
  const deciding = active.filter((member) => member.roles.includes('reviewer'));
  const isAsked = group.rules.length > 0;
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1.5 border-b px-3.5 py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-1.5 font-semibold">
          <SafeText text={group.name} />
          {group.breakGlass && <Badge tone="warning">Break-glass</Badge>}
          {isAsked && deciding.length === 0 && <Badge tone="danger">Nobody can decide</Badge>}
        </p>
        <p className="text-ink-2 [overflow-wrap:anywhere]">
          {active.length === 0 ? 'Nobody is in it.' : active.map((member) => member.name || member.email).join(', ')}
        </p>
        <p className="text-ink-3 text-xs [overflow-wrap:anywhere]">{usesOf(group)}</p>
      </div>
      <Button size="sm" aria-label={`Edit ${group.name}`} disabledReason={bar} onClick={onEdit}>
        Edit…
      </Button>
    </li>
  );
}

function usesOf(group: Group): string {
  const parts = [
    group.rules.length > 0
      ? `asked by ${plural(group.rules.length, 'rule')}: ${group.rules.join(', ')}`
      : 'asked by no rule',
    ...(group.mappings.length > 0 ? [`given by ${group.mappings.join(', ')} at the provider`] : []),
  ];
  return parts.join('; ');
}
