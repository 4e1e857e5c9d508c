'use client';

import { ArrowRight, Plus, UserRoundCheck } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { useDelegations } from '#lib/client/use-exceptions.ts';
import { useHasRole, useMe, useRoleBar } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { Delegations } from '#lib/contracts/exceptions.ts';
import { useRevokeDelegation } from './use-delegation-writes.ts';

const createDelegationDialog = arriving(
  () => import('./create-delegation-dialog.tsx').then((file) => file.CreateDelegationDialog),
  'at-rest',
);
type Delegation = Delegations['items'][number];

/** Who votes in whose place. Only the votes go over, never the roles, and they are never passed on. */
export function DelegationsCard() {
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
      <Loaded query={query} skeleton={<Skeleton className="m-3.5 h-16" />}>
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
              {items.map((delegation) => (
                <DelegationLine key={delegation.id} delegation={delegation} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {CreateDelegationDialog !== null && <CreateDelegationDialog open={creating} onOpenChange={setCreating} />}
    </Card>
  );
}

function DelegationLine({ delegation }: { readonly delegation: Delegation }) {
  const me = useMe().data?.id;
  const now = useNow();
  const name = (id: string, given: string) => (id === me ? 'You' : given);
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 border-b px-3.5 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-semibold">
          {name(delegation.fromId, delegation.from)}
          <ArrowRight aria-label="votes are cast by" className="size-3.5 text-ink-3" />
          {delegation.toId === me ? 'you' : delegation.to}
          {delegation.active ? (
            <Badge tone="accent">Active</Badge>
          ) : (
            <Badge>{delegation.revokedAt === null ? 'Not now' : 'Revoked'}</Badge>
          )}
        </p>
        <p className="mt-0.5 text-ink-2">
          “<SafeText text={delegation.reason} />”
          {Date.parse(delegation.startsAt) > now && (
            <>
              , starts <When at={delegation.startsAt} />
            </>
          )}
          , {Date.parse(delegation.endsAt) > now ? 'ends' : 'ended'} <When at={delegation.endsAt} />
        </p>
      </div>
      {delegation.revokedAt === null && <Revoke delegation={delegation} mine={delegation.fromId === me} />}
    </li>
  );
}

function Revoke({ delegation, mine }: { readonly delegation: Delegation; readonly mine: boolean }) {
  const [asking, setAsking] = useState(false);
  const admin = useHasRole('admin');
  const revoke = useRevokeDelegation(delegation.id);
  if (!mine && admin !== 'yes') return null;
  return (
    <>
      <Button size="sm" onClick={() => setAsking(true)}>
        Revoke…
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={(open) => {
          setAsking(open);
          revoke.reset();
        }}
        title="Revoke this delegation?"
        consequence={`${delegation.to} can no longer vote in this place, at once. Votes on requests that still wait no longer count.`}
        confirmWord="Revoke"
        busy={revoke.busy}
        problem={revoke.problem}
        onConfirm={async () => {
          if ((await revoke.run(undefined)).ok) setAsking(false);
        }}
      />
    </>
  );
}
