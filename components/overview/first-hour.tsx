'use client';

import Link from 'next/link';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Card } from '#components/ui/card.tsx';
import { cx } from '#components/ui/class-names.ts';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useWelcome } from '#lib/client/use-welcome.ts';
import { firstSteps } from '#lib/client/welcome-steps.ts';
import type { Overview } from '#lib/contracts/overview.ts';

/** Whether the first hour is behind the installation: somebody has decided a call of an agent. */
function isSetUp(setUp: Overview['setUp']): boolean {
  return setUp.hasServer && setUp.hasAcceptedTool && setUp.hasAgent && setUp.hasCall && setUp.hasVote;
}

/** How far the first hour is, and its next step; the whole list is at /welcome. Gone once it is done or put aside. */
export function FirstHour({ setUp }: { readonly setUp: Overview['setUp'] }) {
  const { data } = useWelcome('first-steps');
  // In a new installation the place is kept, so that nothing below jumps; in one that runs it stays empty.
  if (data === undefined) return isSetUp(setUp) ? null : <Skeleton card className="h-[11.25rem] sm:h-[8.5rem]" />;
  if (data.dismissed) return null;
  const steps = firstSteps(data);
  const next = steps.find((step) => !step.done);
  if (next === undefined) return null;
  const done = steps.filter((step) => step.done).length;
  return (
    <Card title="First hour" aside={`${done} of ${steps.length} done`}>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-semibold text-base">{next.title}</p>
          <p className="max-w-[68ch] text-ink-2">{next.text}</p>
          <div aria-hidden="true" className="mt-2.5 flex max-w-72 gap-1">
            {steps.map((step) => (
              <span
                key={step.id}
                className={cx('h-1 flex-1 rounded-full', step.done ? 'bg-accent' : 'bg-line-strong')}
              />
            ))}
          </div>
        </div>
        <Link href="/welcome" className={buttonClasses('primary')}>
          {done === 0 ? 'Begin' : 'Go on'}
        </Link>
      </div>
    </Card>
  );
}
