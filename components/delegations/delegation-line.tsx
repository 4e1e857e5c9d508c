'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { When } from '#components/ui/when.tsx';
import { useHasRole, useMe } from '#lib/client/use-me.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { Delegations } from '#lib/contracts/exceptions.ts';
import { useRevokeDelegation } from './use-delegation-writes.ts';

type Delegation = Delegations['items'][number];

/** One delegation: whose votes, cast by whom, why, until when, and the way back. */
export function DelegationLine({ delegation }: { readonly delegation: Delegation }) {
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
