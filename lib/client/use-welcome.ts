'use client';

import { useQuery } from '@tanstack/react-query';
import { type Welcome, welcomeSchema } from '#lib/contracts/welcome.ts';
import { api, fetching, nothingSchema } from './api.ts';
import { queryKeys } from './query-keys.ts';
import { useWrite } from './use-write.ts';
import { firstSteps, laterSteps } from './welcome-steps.ts';

const PATH = '/api/v1/welcome';
/** Much of it has no hint: the log's part comes when the sequencer has written it. */
const WATCH_MS = 2000;

/**
 * What of the first hour is done. Whoever shows it is told of the next step while it is looked at, as long as one of the
 * steps it shows is open: an installation that runs is not asked again.
 */
export function useWelcome(shows: 'first-steps' | 'every-step') {
  return useQuery<Welcome>({
    queryKey: queryKeys.welcome,
    queryFn: fetching(PATH, welcomeSchema),
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data, shows) ? false : WATCH_MS),
  });
}

function isOver(now: Welcome, shows: 'first-steps' | 'every-step'): boolean {
  const first = firstSteps(now).every((step) => step.done);
  return shows === 'every-step' ? first && laterSteps(now).every((step) => step.done) : first || now.dismissed;
}

/** Puts the list aside, or takes it out again. */
export function useDismissWelcome() {
  return useWrite((dismissed: boolean) => api.send('PATCH', PATH, { dismissed }, nothingSchema), [queryKeys.welcome]);
}
