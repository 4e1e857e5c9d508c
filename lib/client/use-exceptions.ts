'use client';

import { useQuery } from '@tanstack/react-query';
import {
  breakGlassSchema,
  delegationsSchema,
  type ObserveList,
  observeListSchema,
  settingsSchema,
} from '#lib/contracts/exceptions.ts';
import { fetching } from './api.ts';
import { queryKeys } from './query-keys.ts';

/** What passes is counted by the call, and no hint says so. */
const COUNT_EVERY_MS = 15_000;

function isRunning(window: ObserveList['items'][number]): boolean {
  return window.startsAt !== null && window.endedAt === null;
}

/** Observe windows: asked for, running, and ended lately. */
export function useObserve() {
  return useQuery({
    queryKey: queryKeys.exceptions.observe,
    queryFn: fetching('/api/v1/observe', observeListSchema),
    refetchInterval: (query: { readonly state: { readonly data: ObserveList | undefined } }) =>
      query.state.data?.items.some(isRunning) ? COUNT_EVERY_MS : false,
  });
}

/** Whether break-glass is on, who opened it, and what still waits for review. */
export function useBreakGlass() {
  return useQuery({
    queryKey: queryKeys.exceptions.breakGlass,
    queryFn: fetching('/api/v1/break-glass', breakGlassSchema),
  });
}

/** Who votes in whose place. */
export function useDelegations() {
  return useQuery({
    queryKey: queryKeys.exceptions.delegations,
    queryFn: fetching('/api/v1/delegations', delegationsSchema),
  });
}

/** The settings of the installation that people change in the console. */
export function useSettings() {
  return useQuery({ queryKey: queryKeys.exceptions.settings, queryFn: fetching('/api/v1/settings', settingsSchema) });
}
