'use client';

import { KeyRound, Plus } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useCredentials } from '#lib/client/lists/use-credentials.ts';
import { useRoleBar } from '#lib/client/use-me.ts';

const addCredentialDialog = arriving(
  () => import('./add-credential-dialog.tsx').then((file) => file.AddCredentialDialog),
  'at-rest',
);
/** Charts and list: nobody can see them before the server has answered. */
const body = arriving(() => import('./credentials-body.tsx').then((file) => file.CredentialsBody), 'at-once');

/** Every upstream secret as a clock that runs out. */
export function CredentialsPage() {
  const Body = useArrived(body);
  const query = useCredentials();
  const router = useRouter();
  const adding = useSearchParams().get('add') === '1';
  const bar = useRoleBar('admin');
  const AddCredentialDialog = useArrived(addCredentialDialog, adding && bar === null);
  const setAdding = (open: boolean) => router.replace(open ? '/credentials?add=1' : '/credentials', { scroll: false });
  const add = (
    <Button variant="primary" disabledReason={bar} onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" className="size-4" />
      Add a credential
    </Button>
  );
  return (
    <Page
      title="Credentials"
      intro="What the gateway shows to upstream servers. Each belongs to one server, never to a person; agents use them and never see them, and nobody reads one back."
      actions={add}
    >
      <Loaded query={query} skeleton={<CredentialsSkeleton />} arrived={Body !== null}>
        {({ items }) =>
          items.length === 0 ? (
            <Card flush>
              <EmptyState icon={<KeyRound aria-hidden="true" />} title="No server needs a secret yet" action={add}>
                Add one for a server that asks for it. Best is an OAuth client, which gets a token that lives for
                minutes; a fixed token is taken for at most 90 days.
              </EmptyState>
            </Card>
          ) : (
            Body !== null && <Body items={items} />
          )
        }
      </Loaded>
      {AddCredentialDialog !== null && <AddCredentialDialog open={adding && bar === null} onOpenChange={setAdding} />}
    </Page>
  );
}

function CredentialsSkeleton() {
  return (
    <div className="grid gap-4">
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Skeleton card className="h-56" />
        <Skeleton card className="h-56" />
      </div>
      <Skeleton card className="h-48" />
    </div>
  );
}
