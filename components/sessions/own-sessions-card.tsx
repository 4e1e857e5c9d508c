'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '#components/ui/button.tsx';
import { Card } from '#components/ui/card.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { sessionsSchema } from '#lib/contracts/sessions.ts';

const sessionList = arriving(() => import('./session-list.tsx').then((file) => file.SessionList), 'at-once');

const PATH = '/api/v1/me/sessions';

/** One's own sessions: whoever sees one that is not theirs ends it here. */
export function OwnSessionsCard() {
  const SessionList = useArrived(sessionList);
  const query = useQuery({ queryKey: queryKeys.sessions.own, queryFn: fetching(PATH, sessionsSchema) });
  const end = useWrite(
    (id: string | null) => api.send('DELETE', id === null ? PATH : `${PATH}/${id}`, {}, nothingSchema),
    [queryKeys.sessions.own],
  );
  return (
    <Card title="Your sessions">
      <p className="text-ink-2">
        A session ends after twelve hours, when you sign out, and at once when you end it here: open pages of it hear
        nothing more.
      </p>
      <div className="mt-3 grid gap-3">
        <Loaded query={query} skeleton={<Skeleton className="h-16" />} arrived={SessionList !== null}>
          {(data) => (
            <>
              {SessionList !== null && (
                <SessionList
                  items={data.items}
                  label="Your sessions"
                  busy={end.busy}
                  onEnd={(id) => void end.run(id)}
                />
              )}
              {data.items.length > 1 && (
                <div>
                  <Button busy={end.busy} onClick={() => void end.run(null)}>
                    End all others
                  </Button>
                </div>
              )}
            </>
          )}
        </Loaded>
        {end.problem !== null && <ProblemNotice problem={end.problem} />}
      </div>
    </Card>
  );
}
