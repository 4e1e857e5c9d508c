'use client';

import { Cable, Plus } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Loading, Skeleton } from '#components/ui/skeleton.tsx';
import { Tab, TabList, TabPanel, Tabs } from '#components/ui/tabs.tsx';
import { plural } from '#lib/client/format.ts';
import { useBlockedHours, useEgress } from '#lib/client/lists/use-egress.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { IdentitySelect, useIdentityChoices } from './identity-select.tsx';
import { useWaiting, WaitingView } from './waiting-view.tsx';

const identitiesView = arriving(() => import('./identities-view.tsx').then((file) => file.IdentitiesView), 'at-rest');

const attemptsView = arriving(() => import('./attempts-view.tsx').then((file) => file.AttemptsView), 'at-rest');

// What is drawn once the server has answered, or under another tab: nobody can see it before.
const entryTable = arriving(() => import('./entry-table.tsx').then((file) => file.EntryTable), 'at-once');

const blockedChart = arriving(() => import('./blocked-chart.tsx').then((file) => file.BlockedChart), 'at-once');

const addEntryDialog = arriving(() => import('./add-entry-dialog.tsx').then((file) => file.AddEntryDialog), 'at-rest');
const VIEWS = ['list', 'blocked', 'waiting', 'reached', 'first-seen'] as const;
type View = (typeof VIEWS)[number];

/** What may be reached, what was refused, and what waits: by the gateway, by agents and by stdio servers. */
export function EgressPage() {
  const router = useRouter();
  const params = useSearchParams();
  const bar = useRoleBar('admin');
  const [adding, setAdding] = useState(false);
  const AddEntryDialog = useArrived(addEntryDialog, adding);
  const view = VIEWS.find((one) => one === params.get('view')) ?? 'list';
  const identity = params.get('identity');
  const waiting = useWaiting();
  const go = (next: { readonly view?: View; readonly identity?: string | null }) => {
    const to = new URLSearchParams();
    const shown = next.view ?? view;
    const whose = next.identity === undefined ? identity : next.identity;
    if (shown !== 'list') to.set('view', shown);
    if (whose !== null) to.set('identity', whose);
    router.replace(to.size === 0 ? '/egress' : `/egress?${to}`, { scroll: false });
  };
  const filtered = view === 'list' || view === 'blocked' || view === 'reached';
  return (
    <Page
      title="Egress"
      intro="Only what is listed can be reached: by the gateway, and by agents and stdio servers through the egress proxy. Every connection is checked against the address it resolves to; redirects are not followed."
      actions={<AddButton bar={bar} onClick={() => setAdding(true)} />}
    >
      <BlockedCard />
      <Tabs
        value={view}
        onValueChange={(chosen) => go({ view: VIEWS.find((one) => one === chosen) ?? 'list' })}
        className="mt-4"
      >
        <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
          <TabList aria-label="Egress" className="min-w-0 flex-1 max-sm:basis-full">
            <Tab value="list">Allowlist</Tab>
            <Tab value="blocked">Blocked</Tab>
            <Tab value="waiting" count={waiting.length}>
              Waiting
            </Tab>
            <Tab value="reached">Reached</Tab>
            <Tab value="first-seen">First seen</Tab>
          </TabList>
          {filtered && <IdentityFilter value={identity} onChange={(whose) => go({ identity: whose })} />}
        </div>
        <TabPanel value="list">
          <ListView identity={identity} bar={bar} onAdd={() => setAdding(true)} />
        </TabPanel>
        <TabPanel value="blocked">
          <Attempts verdict="denied" identity={identity} bar={bar} />
        </TabPanel>
        <TabPanel value="waiting">
          <WaitingView />
        </TabPanel>
        <TabPanel value="reached">
          <Attempts verdict="allowed" identity={identity} bar={bar} />
        </TabPanel>
        <TabPanel value="first-seen">
          <Identities bar={bar} />
        </TabPanel>
      </Tabs>
      {AddEntryDialog !== null && <AddEntryDialog open={adding} onOpenChange={setAdding} />}
    </Page>
  );
}

function AddButton({ bar, onClick }: { readonly bar: string | null; readonly onClick: () => void }) {
  return (
    <Button variant="primary" disabledReason={bar} onClick={onClick}>
      <Plus aria-hidden="true" className="size-4" />
      Allow a destination
    </Button>
  );
}

function IdentityFilter({
  value,
  onChange,
}: {
  readonly value: string | null;
  readonly onChange: (identity: string | null) => void;
}) {
  const choices = useIdentityChoices();
  return (
    <div className="w-full sm:w-52">
      <IdentitySelect label="Whose" value={value} choices={choices} onChange={onChange} everybody="everybody" />
    </div>
  );
}

function Attempts(props: {
  readonly verdict: 'denied' | 'allowed';
  readonly identity: string | null;
  readonly bar: string | null;
}) {
  const AttemptsView = useArrived(attemptsView, true);
  return AttemptsView === null ? <ViewSkeleton /> : <AttemptsView {...props} />;
}

function Identities({ bar }: { readonly bar: string | null }) {
  const IdentitiesView = useArrived(identitiesView, true);
  return IdentitiesView === null ? <ViewSkeleton /> : <IdentitiesView bar={bar} />;
}

function ViewSkeleton() {
  return (
    <Loading>
      <Skeleton card className="h-48" />
    </Loading>
  );
}

function BlockedCard() {
  const query = useBlockedHours();
  const BlockedChart = useArrived(blockedChart);
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-48" />} arrived={BlockedChart !== null}>
      {({ items }) => (
        <Card
          title="Refused connections"
          aside={`${plural(
            items.reduce((sum, { denied }) => sum + denied, 0),
            'refusal',
          )} in 24 hours`}
        >
          {BlockedChart !== null && <BlockedChart hours={items} />}
        </Card>
      )}
    </Loaded>
  );
}

type ListViewProps = { readonly identity: string | null; readonly bar: string | null; readonly onAdd: () => void };

function ListView({ identity, bar, onAdd }: ListViewProps) {
  const query = useEgress();
  const EntryTable = useArrived(entryTable);
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-48" />} arrived={EntryTable !== null}>
      {({ items }) => {
        const shown = identity === null ? items : items.filter((entry) => entry.identity === identity);
        return (
          <Card flush>
            {shown.length > 0 ? (
              EntryTable !== null && <EntryTable entries={shown} bar={bar} />
            ) : (
              <EmptyState
                icon={<Cable aria-hidden="true" />}
                title="Nothing is allowed"
                action={<AddButton bar={bar} onClick={onAdd} />}
              >
                Whatever is asked for is refused. Adding a server shows the entry it needs and adds it on confirmation;
                agents and stdio servers have lists of their own.
              </EmptyState>
            )}
          </Card>
        );
      }}
    </Loaded>
  );
}
