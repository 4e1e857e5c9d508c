'use client';

import { useQuery } from '@tanstack/react-query';
import { forecastSchema, rolloutSchema } from '#lib/contracts/rollout.ts';
import { fetching, withQuery } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

/** Much of it has no hint: sums, ages, what a proxy saw. */
const REFRESH_MS = 15_000;
const FORECAST_MS = 5 * 60_000;

/** The four weeks and the controls, as the running system shows them now. */
export function useRollout() {
  return useQuery({
    queryKey: queryKeys.exceptions.rollout,
    queryFn: fetching('/api/v1/rollout', rolloutSchema),
    refetchInterval: REFRESH_MS,
  });
}

/** Counted once in ten minutes on the server; asked for again when something was switched. */
export function useForecast(zone: string) {
  return useQuery({
    queryKey: queryKeys.exceptions.forecast(zone),
    queryFn: fetching(withQuery('/api/v1/rollout/forecast', { zone }), forecastSchema),
    refetchInterval: FORECAST_MS,
  });
}
