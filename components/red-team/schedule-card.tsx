'use client';

import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { When } from '#components/ui/when.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { RedTeam } from '#lib/contracts/red-team.ts';
import { useChangeSchedule } from './use-red-team.ts';

/** Whether it runs by itself. */
export function ScheduleCard({ data }: { readonly data: RedTeam }) {
  const { schedule, setUp } = data;
  const { enabled, nextAt } = schedule;
  const change = useChangeSchedule();
  const bar = useRoleBar('security', 'admin');
  return (
    <Card title="Schedule" aside={<Badge tone={enabled ? 'accent' : 'plain'}>{enabled ? 'weekly' : 'off'}</Badge>}>
      <div className="grid gap-2.5">
        <p className="text-ink-2">
          {enabled ? (
            <>
              Every week
              {nextAt !== null && (
                <>
                  , next <When at={nextAt} />
                </>
              )}
              , and after a change of rules or build. A week without a run is an incident.
            </>
          ) : (
            'It runs only when somebody asks for it, and nobody is told when nobody does.'
          )}
        </p>
        {change.problem !== null && <ProblemNotice problem={change.problem} />}
        <span>
          <Button
            size="sm"
            busy={change.busy}
            disabledReason={bar}
            onClick={() => void change.run({ enabled: !enabled })}
          >
            {enabled ? 'Switch off' : 'Switch on'}
          </Button>
        </span>
        {setUp !== null && (
          <p className="text-ink-3 text-xs">
            Set up by {setUp.by}, <When at={setUp.at} />
          </p>
        )}
      </div>
    </Card>
  );
}
