'use client';

import Link from 'next/link';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Page } from '#components/ui/page.tsx';
import type { RedTeamRunDetail } from '#lib/contracts/red-team.ts';
import { FamilyCard } from './family-card.tsx';
import { MapCard } from './map-card.tsx';
import { Progress } from './progress.tsx';
import { RunHead } from './run-head.tsx';

/** A run that is over, or as far as it is. */
export function RunBody({ data }: { readonly data: RedTeamRunDetail }) {
  const { run, results, gaps, previousId } = data;
  return (
    <Page
      title="Red-team run"
      actions={
        <>
          {previousId !== null && (
            <Link href={`/red-team/${previousId}`} className={buttonClasses()}>
              The run before
            </Link>
          )}
          <Link href="/red-team" className={buttonClasses()}>
            The red team
          </Link>
        </>
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 gap-4">
          {run.finishedAt === null ? <Progress run={run} /> : <RunHead run={run} results={results} />}
          {results.length > 0 && <MapCard results={results} gaps={gaps} />}
        </div>
        {results.length > 0 && <FamilyCard results={results} />}
      </div>
    </Page>
  );
}
