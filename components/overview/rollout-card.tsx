'use client';

import Link from 'next/link';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Fact, Facts } from '#components/ui/facts.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRollout } from '#lib/client/lists/use-rollout.ts';
import { isWeakened } from '#lib/core/rollout/controls.ts';

/** How far the four weeks are, and whether a control only observes. */
export function RolloutCard() {
  const query = useRollout();
  return (
    <Card
      title="Rollout"
      aside={
        <Link href="/rollout" className="link target">
          Rollout
        </Link>
      }
    >
      <Loaded query={query} skeleton={<Skeleton className="h-16" />}>
        {({ week, weeks, controls }) => {
          const sum = (name: 'done' | 'of') => weeks.reduce((all, one) => all + one[name], 0);
          const weakened = controls.filter(isWeakened).length;
          return (
            <Facts>
              <Fact name="Week">{week > 4 ? 'past 4' : `${week} of 4`}</Fact>
              <Fact name="Steps proven">
                <span className="tabular">{`${sum('done')} of ${sum('of')}`}</span>
              </Fact>
              <Fact name="Controls that only observe">
                {weakened === 0 ? 'none' : <Badge tone="warning">{`${weakened} of ${controls.length}`}</Badge>}
              </Fact>
            </Facts>
          );
        }}
      </Loaded>
    </Card>
  );
}
