'use client';

import { Cable, Plus } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { Tab, TabList, TabPanel, Tabs } from '#components/ui/tabs.tsx';
import { plural } from '#lib/client/format.ts';
import { useBlockedHours, useEgress } from '#lib/client/use-lists.ts';
import { useRoleBar } from '#lib/client/use-me.ts';
import { AddEntryDialog } from './add-entry-dialog.tsx';
import { AttemptsView } from './attempts-view.tsx';
import { BlockedChart } from './blocked-chart.tsx';
import { EntryTable } from './entry-table.tsx';
import { IdentitiesView } from './identities-view.tsx';
import { IdentitySelect, useIdentityChoices } from './identity-select.tsx';
import { useWaiting, WaitingView } from './waiting-view.tsx';

const VIEWS = ['list', 'blocked', 'waiting', 'reached', 'first-seen'] as const;
type View = (typeof VIEWS)[number];

/** What may be reached, what was refused, and what waits: by the gateway, by agents and by stdio servers. */
export function EgressPage() {
  const router = useRouter();
  const params = useSearchParams();
  const bar = useRoleBar('admin');
  const [adding, setAdding] = useState(false);
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
          <AttemptsView verdict="denied" identity={identity} bar={bar} />
        </TabPanel>
        <TabPanel value="waiting">
          <WaitingView />
        </TabPanel>
        <TabPanel value="reached">
          <AttemptsView verdict="allowed" identity={identity} bar={bar} />
        </TabPanel>
        <TabPanel value="first-seen">
          <IdentitiesView bar={bar} />
        </TabPanel>
      </Tabs>
      <AddEntryDialog open={adding} onOpenChange={setAdding} />
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

function BlockedCard() {
  const query = useBlockedHours();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-48" />}>
      {({ items }) => (
        <Card
          title="Refused connections"
          aside={`${plural(
            items.reduce((sum, { denied }) => sum + denied, 0),
            'refusal',
          )} in 24 hours`}
        >
          <BlockedChart hours={items} />
        </Card>
      )}
    </Loaded>
  );
}

type ListViewProps = { readonly identity: string | null; readonly bar: string | null; readonly onAdd: () => void };

function ListView({ identity, bar, onAdd }: ListViewProps) {
  const query = useEgress();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-48" />}>
      {({ items }) => {
        const shown = identity === null ? items : items.filter((entry) => entry.identity === identity);
        return (
          <Card flush>
            {shown.length > 0 ? (
              <EntryTable entries={shown} bar={bar} />
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
