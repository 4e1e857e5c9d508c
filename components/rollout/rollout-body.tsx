'use client';

import type { Rollout } from '#lib/contracts/rollout.ts';
import { ControlsCard } from './controls-card.tsx';
import { ForecastCard } from './forecast-card.tsx';
import { Summary } from './summary.tsx';
import { WeekCard } from './week-card.tsx';

/** Where one stands, the four weeks, the controls with what of them only observes, and what it costs people. */
export function RolloutBody({ data }: { readonly data: Rollout }) {
  return (
    <div className="grid gap-4">
      <Summary data={data} />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {data.weeks.map((week) => (
          <WeekCard key={week.week} week={week} isCurrent={week.week === data.week} />
        ))}
      </div>
      <ControlsCard controls={data.controls} />
      <ForecastCard />
    </div>
  );
}
