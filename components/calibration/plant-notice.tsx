'use client';

import Link from 'next/link';
import { Button } from '#components/ui/button.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { useOwnCalibration, useTold } from './use-calibration.ts';

/** Tells a reviewer about a planted request that they have decided, as soon as it can do no harm to tell. */
export function PlantNotice() {
  const { data } = useOwnCalibration();
  const told = useTold();
  const plant = data?.untold[0];
  if (plant === undefined) return <div role="status" className="sr-only" />;
  return (
    <div role="status" className="sticky top-0 z-20 border-b bg-panel px-4 py-3">
      <Notice
        tone={plant.caught ? 'good' : 'danger'}
        title={plant.caught ? 'That was a planted request, and you caught it' : 'You approved a planted request'}
        action={
          <Button size="sm" busy={told.busy} onClick={() => void told.run([plant.id])}>
            Understood
          </Button>
        }
      >
        {plant.why} {!plant.caught && 'It could not run: its server has no upstream. '}
        {plant.requestId !== null && (
          <Link href={`/approvals/${plant.requestId}`} className="link">
            Look at it again
          </Link>
        )}{' '}
        <Link href="/calibration" className="link">
          What this is for
        </Link>
      </Notice>
    </div>
  );
}
