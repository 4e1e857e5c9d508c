'use client';

import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import type { Rollout } from '#lib/contracts/rollout.ts';
import { StepLine } from './step-line.tsx';

type Week = Rollout['weeks'][number];

/** One week: how far it is, and its steps. */
export function WeekCard({ week, isCurrent }: { readonly week: Week; readonly isCurrent: boolean }) {
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span>
            Week {week.week}: {week.title}
          </span>
          {isCurrent && <Badge tone="accent">this week</Badge>}
        </span>
      }
      aside={<span className="tabular">{`${week.done} of ${week.of} proven`}</span>}
      flush
    >
      <Progress week={week} />
      <ul>
        {week.steps.map((step) => (
          <StepLine key={step.id} step={step} />
        ))}
      </ul>
    </Card>
  );
}

const FILLS = { done: 'bg-accent', partial: 'bg-accent-soft border-accent', open: 'bg-line-strong' } as const;

/** The same as the words beside the title, as a picture. */
function Progress({ week }: { readonly week: Week }) {
  return (
    <div aria-hidden="true" className="flex gap-1 px-3.5 pt-3 pb-1">
      {week.steps.map(({ id, state }) =>
        state === 'not-applicable' ? null : (
          <span
            key={id}
            className={cx('forced-border h-1.5 flex-1 rounded-full border border-transparent', FILLS[state])}
          />
        ),
      )}
    </div>
  );
}
