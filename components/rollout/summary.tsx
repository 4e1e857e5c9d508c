'use client';

import type { ReactNode } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { plural } from '#lib/client/format.ts';
import { formatDay } from '#lib/client/time.ts';
import type { Rollout } from '#lib/contracts/rollout.ts';
import { isWeakened } from '#lib/core/rollout/controls.ts';

/** Three numbers: which week it is, how much is proven, and what only observes. */
export function Summary({ data }: { readonly data: Rollout }) {
  const done = data.weeks.reduce((sum, week) => sum + week.done, 0);
  const of = data.weeks.reduce((sum, week) => sum + week.of, 0);
  const weakened = data.controls.filter(isWeakened).length;
  const running = new Set(
    data.controls.flatMap(({ windows }) => windows.filter((one) => one.running).map(({ id }) => id)),
  );
  return (
    <dl className="flex flex-wrap gap-px overflow-clip rounded-lg border bg-line">
      <Figure name="You are in" value={data.week > 4 ? 'Past week 4' : `Week ${data.week} of 4`}>
        {`since ${formatDay(data.startedAt)}`}
      </Figure>
      <Figure name="Steps proven" value={`${done} of ${of}`}>
        {done === of ? 'everything that applies here was seen' : 'by the running system, now'}
      </Figure>
      <Figure name="Controls that only observe" value={String(weakened)} alarm={running.size > 0}>
        {running.size === 0 ? 'no window runs' : `${plural(running.size, 'window runs', 'windows run')}`}
      </Figure>
    </dl>
  );
}

function Figure({
  name,
  value,
  alarm = false,
  children,
}: {
  readonly name: string;
  readonly value: string;
  readonly alarm?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <div className="grid flex-1 basis-44 content-start gap-0.5 bg-panel px-3.5 py-3">
      <dt className="text-ink-3 text-xs">{name}</dt>
      <dd className="grid gap-0.5">
        <span className={cx('tabular font-semibold text-2xl tracking-tight', alarm ? 'text-medium' : 'text-ink')}>
          {value}
        </span>
        <span className="text-ink-2 text-xs" suppressHydrationWarning>
          {children}
        </span>
      </dd>
    </div>
  );
}
