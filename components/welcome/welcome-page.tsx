'use client';

import { Button } from '#components/ui/button.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useDismissWelcome, useWelcome } from '#lib/client/use-welcome.ts';

/** Nobody can see the steps before the server has answered. */
const steps = arriving(() => import('./welcome-steps-list.tsx').then((file) => file.Steps), 'at-once');

/** From an empty installation to the first decided call, and what makes it one's own; ticked by what was seen. */
export function WelcomePage() {
  const Steps = useArrived(steps);
  const query = useWelcome('every-step');
  return (
    <Page
      width="reading"
      title="First hour"
      intro="From an empty installation to the first call that a person decided. A step is ticked when the system has seen it happen, so you can leave and come back."
      actions={query.data !== undefined && <Dismiss dismissed={query.data.dismissed} />}
    >
      <Loaded query={query} skeleton={<Skeleton card className="h-96" />} arrived={Steps !== null}>
        {(now) => Steps !== null && <Steps now={now} />}
      </Loaded>
    </Page>
  );
}

/** The list can be put aside for oneself; this page stays where it is. */
function Dismiss({ dismissed }: { readonly dismissed: boolean }) {
  const dismiss = useDismissWelcome();
  return (
    <div className="grid justify-items-end gap-2">
      <Button busy={dismiss.busy} onClick={() => void dismiss.run(!dismissed)}>
        {dismissed ? 'Show it on the overview again' : 'Put it aside'}
      </Button>
      {dismiss.problem !== null && <ProblemNotice problem={dismiss.problem} />}
    </div>
  );
}
