'use client';

import { useQuery } from '@tanstack/react-query';
import { SessionList } from '#components/sessions/session-list.tsx';
import { Button } from '#components/ui/button.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { Person } from '#lib/contracts/people.ts';
import { sessionsSchema } from '#lib/contracts/sessions.ts';

/** Where somebody is signed in; an admin ends what should not be. */
export function PersonSessions({ person }: { readonly person: Person }) {
  const path = `/api/v1/people/${person.id}/sessions`;
  const key = queryKeys.sessions.of(person.id);
  const query = useQuery({ queryKey: key, queryFn: fetching(path, sessionsSchema) });
  const end = useWrite(
    (id: string | null) => api.send('DELETE', id === null ? path : `${path}/${id}`, {}, nothingSchema),
    [key, queryKeys.people],
  );
  return (
    <section aria-label="Sessions" className="mt-5 grid gap-3 border-t pt-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium text-ink-2 text-xs">Sessions</h3>
        {(query.data?.items.length ?? 0) > 1 && (
          <Button size="sm" busy={end.busy} onClick={() => void end.run(null)}>
            End all
          </Button>
        )}
      </div>
      <Loaded query={query} skeleton={<Skeleton className="h-12" />}>
        {(data) => (
          <SessionList
            items={data.items}
            label={`Sessions of ${person.email}`}
            busy={end.busy}
            onEnd={(id) => void end.run(id)}
          />
        )}
      </Loaded>
      {end.problem !== null && <ProblemNotice problem={end.problem} />}
    </section>
  );
}
