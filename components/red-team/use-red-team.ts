'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import {
  type GapBody,
  type RedTeam,
  type RedTeamPatch,
  type RedTeamRunDetail,
  redTeamRunDetailSchema,
  redTeamRunsSchema,
  redTeamSchema,
  runAskedSchema,
} from '#lib/contracts/red-team.ts';

const CALM_MS = 20_000;
/** While a run plays, a scenario comes every tenth of a second or so. */
const BUSY_MS = 1_000;

const paceOf = (isOpen: boolean) => (isOpen ? BUSY_MS : CALM_MS);

/** How the guardrails stand. */
export function useRedTeam() {
  return useQuery<RedTeam>({
    queryKey: queryKeys.redTeam.all,
    queryFn: fetching('/api/v1/red-team', redTeamSchema),
    refetchInterval: ({ state }) => paceOf((state.data?.open ?? null) !== null),
  });
}

/** One run; followed closely while it plays. */
export function useRun(id: string) {
  return useQuery<RedTeamRunDetail>({
    queryKey: queryKeys.redTeam.run(id),
    queryFn: fetching(`/api/v1/red-team/runs/${encodeURIComponent(id)}`, redTeamRunDetailSchema),
    refetchInterval: ({ state }) => paceOf(state.data?.run.finishedAt === null),
  });
}

/** The last runs, newest first. */
export function useRuns() {
  return useQuery({
    queryKey: queryKeys.redTeam.runs,
    queryFn: fetching('/api/v1/red-team/runs', redTeamRunsSchema),
    refetchInterval: CALM_MS,
  });
}

const STALE = [queryKeys.redTeam.all];

export function useSetUp() {
  return useWrite(() => api.send('POST', '/api/v1/red-team/set-up', {}, redTeamSchema), STALE);
}

export function useAskForRun() {
  return useWrite(() => api.send('POST', '/api/v1/red-team/runs', {}, runAskedSchema), STALE);
}

export function useChangeSchedule() {
  return useWrite((patch: RedTeamPatch) => api.send('PATCH', '/api/v1/red-team', patch, redTeamSchema), STALE);
}

export function useAcceptGap() {
  return useWrite((body: GapBody) => api.send('POST', '/api/v1/red-team/gaps', body, redTeamSchema), STALE);
}

export function useEndGap() {
  return useWrite((id: string) => api.send('DELETE', `/api/v1/red-team/gaps/${id}`, undefined, redTeamSchema), STALE);
}
