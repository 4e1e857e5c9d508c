'use client';

import { KeyRound, Plus } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { plural } from '#lib/client/format.ts';
import { useCredentials } from '#lib/client/use-lists.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { AddCredentialDialog } from './add-credential-dialog.tsx';
import { CredentialTable } from './credential-table.tsx';
import { byUrgency, isLive } from './credential-words.ts';
import { DaysChart } from './days-chart.tsx';
import { StandingCard } from './standing-card.tsx';

const FOLDERS = [
  { value: 'live', text: 'In use' },
  { value: 'retired', text: 'Retired' },
] as const;

/** Every upstream secret as a clock that runs out. */
export function CredentialsPage() {
  const query = useCredentials();
  const router = useRouter();
  const adding = useSearchParams().get('add') === '1';
  const bar = useRoleBar('admin');
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
      <Loaded query={query} skeleton={<CredentialsSkeleton />}>
        {({ items }) =>
          items.length === 0 ? (
            <Card flush>
              <EmptyState icon={<KeyRound aria-hidden="true" />} title="No server needs a secret yet" action={add}>
                Add one for a server that asks for it. Best is an OAuth client, which gets a token that lives for
                minutes; a fixed token is taken for at most 90 days.
              </EmptyState>
            </Card>
          ) : (
            <CredentialsBody items={items} />
          )
        }
      </Loaded>
      <AddCredentialDialog open={adding && bar === null} onOpenChange={setAdding} />
    </Page>
  );
}

function CredentialsBody({ items }: { readonly items: readonly CredentialView[] }) {
  const [folder, setFolder] = useState<'live' | 'retired'>('live');
  const live = items.filter(isLive);
  const shown = items.filter((one) => isLive(one) === (folder === 'live')).toSorted(byUrgency);
  return (
    <div className="grid gap-4">
      <Stopped credentials={live} />
      {live.length > 0 && (
        <div className="grid items-stretch gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
          <Card title="Credentials by days left" aside={plural(live.length, 'credential')}>
            <DaysChart credentials={live} />
          </Card>
          <StandingCard credentials={live} />
        </div>
      )}
      {live.length < items.length && (
        <div>
          <Segmented label="Which credentials" value={folder} options={FOLDERS} onChange={setFolder} />
        </div>
      )}
      <Card flush>
        {shown.length === 0 ? (
          <EmptyState icon={<KeyRound aria-hidden="true" />} title="None is in use">
            Every credential was retired. Servers that ask for one refuse the gateway.
          </EmptyState>
        ) : (
          <CredentialTable credentials={shown} />
        )}
      </Card>
    </div>
  );
}

/** The servers that cannot be called for want of a secret, said once at the top. */
function Stopped({ credentials }: { readonly credentials: readonly CredentialView[] }) {
  const ended = credentials.filter((one) => one.status === 'ended');
  const unbound = credentials.filter((one) => !one.bound && one.status !== 'ended');
  const servers = (those: readonly CredentialView[]) => [...new Set(those.map((one) => one.server))].join(', ');
  return (
    <>
      {ended.length > 0 && (
        <Notice tone="danger" title={`${plural(ended.length, 'credential has', 'credentials have')} ended`}>
          Calls to {servers(ended)} are refused until it is retired and another one added.
        </Notice>
      )}
      {unbound.length > 0 && (
        <Notice tone="warning" title={`${plural(unbound.length, 'server is', 'servers are')} no longer what it was`}>
          The address or command of {servers(unbound)} changed. Nothing is sent there until somebody confirms it on the
          credential’s page.
        </Notice>
      )}
    </>
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
