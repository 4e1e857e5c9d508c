'use client';

import type { ReactNode } from 'react';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import type { CalibrationFigures } from '#lib/contracts/calibration.ts';
import { Nudge } from './nudge.tsx';
import { ShareMeter } from './share-meter.tsx';
import { dwellWords } from './share-words.ts';
import { useOwnCalibration } from './use-calibration.ts';

/** What is held about the reader: the same figures that security sees, and how they are made. */
export function OwnCard() {
  const query = useOwnCalibration();
  return (
    <Card title="Your own decisions" aside={query.data === undefined ? null : `last ${query.data.days} days`}>
      <Loaded query={query} skeleton={<Skeleton className="h-24" />}>
        {({ figures }) =>
          figures === null || figures.approved + figures.denied + figures.plants.of === 0 ? (
            <p className="py-4 text-ink-2">
              You have not decided anything yet. Your figures will stand here, and security sees the same ones.
            </p>
          ) : (
            <OwnFigures figures={figures} />
          )
        }
      </Loaded>
    </Card>
  );
}

function OwnFigures({ figures }: { readonly figures: CalibrationFigures }) {
  return (
    <div className="grid gap-4">
      {figures.nudge && <Nudge figures={figures} own />}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-4">
        <Item name="Approved">
          <ShareMeter share={figures.approveRate} />
        </Item>
        <Item name="Time before a vote">
          <span className="tabular font-semibold">{dwellWords(figures.medianDwellS)}</span>
          <span className="block text-ink-3 text-xs">
            {`the middle of ${figures.measured}`}
            {figures.unopened > 0 && `; ${figures.unopened} never opened`}
          </span>
        </Item>
        <Item name="Overturned">
          <ShareMeter share={figures.overturned} />
        </Item>
        <Item name="Planted requests caught">
          <ShareMeter share={figures.plants} />
        </Item>
      </dl>
    </div>
  );
}

function Item({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="grid content-start gap-1">
      <dt className="text-ink-3 text-xs">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
