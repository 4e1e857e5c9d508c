'use client';

import { Button } from '#components/ui/button.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { RedTeam } from '#lib/contracts/red-team.ts';
import { SetUpCard } from './set-up-card.tsx';
import { useAskForRun, useRedTeam } from './use-red-team.ts';

/** The map, the charts and the catalogue: nobody can see them before the server has answered. */
const body = arriving(() => import('./red-team-body.tsx').then((file) => file.RedTeamBody), 'at-once');

/** How the guardrails stand against attacks that this installation makes on itself. */
export function RedTeamPage() {
  const Body = useArrived(body);
  const query = useRedTeam();
  return (
    <Page
      title="Red team"
      intro="Attacks on this installation’s own guardrails, through its own gateway, with tools that have nothing behind them. It runs every week, and after a change of rules or build."
      actions={query.data !== undefined && query.data.setUp !== null && <RunButton data={query.data} />}
    >
      <Loaded query={query} skeleton={<Skeleton card className="h-96" />} arrived={Body !== null}>
        {(data) => (data.setUp === null ? <SetUpCard /> : Body !== null && <Body data={data} query={query} />)}
      </Loaded>
    </Page>
  );
}

function RunButton({ data }: { readonly data: RedTeam }) {
  const run = useAskForRun();
  const bar = useRoleBar('security', 'admin');
  const blocked = bar ?? (data.open === null ? null : 'A run is under way.');
  return (
    <div className="grid justify-items-end gap-2">
      <Button variant="primary" busy={run.busy} disabledReason={blocked} onClick={() => void run.run(undefined)}>
        Run now
      </Button>
      {run.problem !== null && <ProblemNotice problem={run.problem} />}
    </div>
  );
}
