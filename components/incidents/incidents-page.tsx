'use client';

import { Dumbbell } from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Loading, Skeleton } from '#components/ui/skeleton.tsx';
import { Tab, TabList, TabPanel, Tabs } from '#components/ui/tabs.tsx';
import { useIncidents } from '#lib/client/lists/use-incidents.ts';
import { useHasRole, useRoleBar } from '#lib/client/use-me.ts';
import { ForSecurity } from './for-security.tsx';

const list = arriving(() => import('./incident-list.tsx').then((file) => file.IncidentList), 'at-once');
const drillDialog = arriving(() => import('./drill-dialog.tsx').then((file) => file.DrillDialog), 'at-rest');

const FOLDERS = ['open', 'resolved', 'drills'] as const;
type Folder = (typeof FOLDERS)[number];

/** What somebody must look at, what was, and how well that is practised. */
export function IncidentsPage() {
  const router = useRouter();
  const params = useSearchParams();
  const may = useHasRole('security', 'admin');
  const bar = useRoleBar('security', 'admin');
  const [drilling, setDrilling] = useState(false);
  const DrillDialog = useArrived(drillDialog, drilling);
  const folder = FOLDERS.find((one) => one === params.get('folder')) ?? 'open';
  const go = (to: string) =>
    router.replace(to === 'open' ? '/incidents' : `/incidents?folder=${to}`, { scroll: false });
  return (
    <Page
      title="Incidents"
      intro="What the record says somebody must look at. One for each cause, however often it is signalled; one person has it; the steps to take stand beside it."
      actions={
        may !== 'no' && (
          <Button disabledReason={bar} onClick={() => setDrilling(true)}>
            <Dumbbell aria-hidden="true" className="size-4" />
            Run a drill
          </Button>
        )
      }
    >
      {may === 'no' ? (
        <ForSecurity />
      ) : (
        <Folders folder={folder} may={may === 'yes'} onGo={go} onDrill={() => setDrilling(true)} />
      )}
      {DrillDialog !== null && <DrillDialog open={drilling} onOpenChange={setDrilling} />}
    </Page>
  );
}

type FoldersProps = {
  readonly folder: Folder;
  readonly may: boolean;
  readonly onGo: (folder: string) => void;
  readonly onDrill: () => void;
};

function Folders({ folder, may, onGo, onDrill }: FoldersProps) {
  const IncidentList = useArrived(list);
  const query = useIncidents(folder, may);
  const counts = query.data?.pages[0]?.counts;
  return (
    <Tabs value={folder} onValueChange={onGo}>
      <TabList aria-label="Incidents" className="mb-3">
        <Tab
          value="open"
          {...(counts === undefined ? {} : { count: counts.open + counts.acknowledged + counts.drills })}
        >
          Open
        </Tab>
        <Tab value="resolved">Resolved</Tab>
        <Tab value="drills" {...(counts === undefined || counts.drills === 0 ? {} : { count: counts.drills })}>
          Drills
        </Tab>
      </TabList>
      <TabPanel value={folder}>
        {may ? (
          <Loaded query={query} skeleton={<Skeleton card className="h-64" />} arrived={IncidentList !== null}>
            {({ pages }) => (
              <>
                {IncidentList !== null && <IncidentList folder={folder} pages={pages} onDrill={onDrill} />}
                {query.hasNextPage && (
                  <div className="mt-3 text-center">
                    <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                      Show more
                    </Button>
                  </div>
                )}
              </>
            )}
          </Loaded>
        ) : (
          <Loading>
            <Skeleton card className="h-64" />
          </Loading>
        )}
      </TabPanel>
    </Tabs>
  );
}
