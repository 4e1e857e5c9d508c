'use client';

import { Plus, UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useDelegations } from '#lib/client/use-exceptions.ts';
import { useRoleBar } from '#lib/client/use-me.ts';

const delegationLine = arriving(() => import('./delegation-line.tsx').then((file) => file.DelegationLine), 'at-once');

const createDelegationDialog = arriving(
  () => import('./create-delegation-dialog.tsx').then((file) => file.CreateDelegationDialog),
  'at-rest',
);

/** Who votes in whose place. Only the votes go over, never the roles, and they are never passed on. */
export function DelegationsCard() {
  const DelegationLine = useArrived(delegationLine);
  const query = useDelegations();
  const [creating, setCreating] = useState(false);
  const CreateDelegationDialog = useArrived(createDelegationDialog, creating);
  const bar = useRoleBar('reviewer');
  return (
    <Card
      title="Delegations"
      aside={
        <Button size="sm" disabledReason={bar} onClick={() => setCreating(true)}>
          <Plus aria-hidden="true" className="size-3.5" />
          Delegate my votes
        </Button>
      }
      flush
    >
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-16" />} arrived={DelegationLine !== null}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="flex items-center gap-3 px-3.5 py-5">
              <UserRoundCheck aria-hidden="true" className="size-5 shrink-0 text-low" />
              <span>
                <b className="font-semibold">Everybody votes for themselves.</b>{' '}
                <span className="text-ink-2">Going away? Let somebody vote in your place, for at most 14 days.</span>
              </span>
            </p>
          ) : (
            <ul>
              {items.map(
                (delegation) =>
                  DelegationLine !== null && <DelegationLine key={delegation.id} delegation={delegation} />,
              )}
            </ul>
          )
        }
      </Loaded>
      {CreateDelegationDialog !== null && <CreateDelegationDialog open={creating} onOpenChange={setCreating} />}
    </Card>
  );
}
