'use client';

import { useQuery } from '@tanstack/react-query';
import { type Welcome, welcomeSchema } from '#lib/contracts/welcome.ts';
import { api, fetching, nothingSchema } from './api.ts';
import { queryKeys } from './query-keys.ts';
import { useWrite } from './use-write.ts';

const PATH = '/api/v1/welcome';
/** Much of it has no hint: the log's part comes when the sequencer has written it. */
const WATCH_MS = 2000;

/** What of the first hour is done; a page that shows it is told of the next step while it is looked at. */
export function useWelcome(enabled = true) {
  return useQuery<Welcome>({
    queryKey: queryKeys.welcome,
    queryFn: fetching(PATH, welcomeSchema),
    enabled,
    refetchInterval: ({ state }) => (state.data?.dismissed === true ? false : WATCH_MS),
  });
}

/** Puts the list aside, or takes it out again. */
export function useDismissWelcome() {
  return useWrite((dismissed: boolean) => api.send('PATCH', PATH, { dismissed }, nothingSchema), [queryKeys.welcome]);
}
