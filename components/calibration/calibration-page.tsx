'use client';

import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Loading, Skeleton } from '#components/ui/skeleton.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import { OwnCard } from './own-card.tsx';
import { PeopleCard } from './people-card.tsx';
import { PlantingCard } from './planting-card.tsx';
import { PlantsCard } from './plants-card.tsx';
import { useCalibration } from './use-calibration.ts';

/** Whether people look before they approve: everybody's figures for security and admins, one's own for a reviewer. */
export function CalibrationPage() {
  const steers = useHasRole('security', 'admin');
  const decides = useHasRole('reviewer');
  return (
    <Page
      title="Calibration"
      intro="Whether people look before they approve. The figures start a conversation; nothing is decided by them."
    >
      <div className="grid gap-4">
        {decides === 'yes' && <OwnCard />}
        {steers === 'yes' && <Everybody />}
        {steers === 'unknown' && (
          <Loading>
            <Skeleton card className="h-64" />
          </Loading>
        )}
      </div>
    </Page>
  );
}

function Everybody() {
  const query = useCalibration();
  return (
    <Loaded query={query} skeleton={<Skeleton card className="h-96" />}>
      {(data) => (
        <>
          <PeopleCard data={data} />
          <PlantsCard data={data} />
          <PlantingCard data={data} />
        </>
      )}
    </Loaded>
  );
}
