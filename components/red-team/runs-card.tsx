'use client';

import Link from 'next/link';
import { Badge } from '#components/ui/badge.tsx';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { When } from '#components/ui/when.tsx';
import { useRuns } from './use-red-team.ts';
import { causeWords, runBadge } from './words.ts';

const SHOWN = 8;

/** The last runs, each a link to what came of it. */
export function RunsCard() {
  const query = useRuns();
  return (
    <Card title="Runs">
      <Loaded query={query} skeleton={<Skeleton className="h-32" />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="text-ink-3">None yet.</p>
          ) : (
            <ul className="grid gap-1">
              {items.slice(0, SHOWN).map((run) => {
                const { tone, text } = runBadge(run);
                return (
                  <li key={run.id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5 py-0.5">
                    <Link href={`/red-team/${run.id}`} className="link target">
                      <When at={run.finishedAt ?? run.askedAt} />
                    </Link>
                    <span className="min-w-0 flex-1 truncate text-ink-3 text-xs">{causeWords(run)}</span>
                    {run.counted !== null && <span className="tabular text-xs">{`${run.held}/${run.counted}`}</span>}
                    <Badge tone={tone}>{text}</Badge>
                  </li>
                );
              })}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
