'use client';

import { useKillSwitch } from '#components/shell/kill-state.ts';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import { ScopeList } from './scope-list.tsx';
import { StopForm } from './stop-form.tsx';

// Stopping waits for neither.
const restoreList = arriving(() => import('./restore-list.tsx').then((file) => file.RestoreList), 'at-once');
const propagationCard = arriving(
  () => import('./propagation-card.tsx').then((file) => file.PropagationCard),
  'at-once',
);

/** What is stopped, how far that has reached, who is asked to restore it, and how to stop something narrower or wider. */
export function KillSwitchPage() {
  const RestoreList = useArrived(restoreList);
  const PropagationCard = useArrived(propagationCard);
  const query = useKillSwitch();
  const mayAct = useHasRole('security', 'admin');
  return (
    <Page
      title="Kill switch"
      intro="One person stops tools at once. What waits or was approved but has not run is voided for good; what runs is cancelled. Two people turn it back on."
    >
      {mayAct === 'no' && (
        <Notice className="mb-4" title="You may look, not act">
          Stopping and restoring need the role security or admin.
        </Notice>
      )}
      <Loaded
        query={query}
        arrived={RestoreList !== null || query.data?.restores.length === 0}
        skeleton={
          <div className="grid gap-4">
            <Skeleton card className="h-28" />
            <Skeleton card className="h-40" />
          </div>
        }
      >
        {(state) => (
          <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <div className="grid min-w-0 gap-4">
              <ScopeList state={state} mayAct={mayAct !== 'no'} />
              {RestoreList !== null && state.restores.length > 0 && (
                <RestoreList state={state} mayAct={mayAct !== 'no'} />
              )}
              <StopForm stopped={state.scopes} mayAct={mayAct !== 'no'} />
            </div>
            {PropagationCard === null ? <Skeleton card className="h-28" /> : <PropagationCard state={state} />}
          </div>
        )}
      </Loaded>
    </Page>
  );
}
