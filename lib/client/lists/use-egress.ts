'use client';

import { useQuery } from '@tanstack/react-query';
import { egressHoursSchema, egressPageSchema } from '#lib/contracts/egress.ts';
import { fetching, withQuery } from '../api.ts';
import { queryKeys } from '../query-keys.ts';
import { WHOLE_LIST } from './whole-list.ts';

/** The allowlist. */
export function useEgress() {
  return useQuery({
    queryKey: queryKeys.egress.list,
    queryFn: fetching(withQuery('/api/v1/egress', WHOLE_LIST), egressPageSchema),
  });
}

/** Refused connections by hour over the last day, as the log tells them. */
export function useBlockedHours() {
  return useQuery({
    queryKey: queryKeys.egress.hours,
    queryFn: fetching('/api/v1/egress/hours', egressHoursSchema),
    refetchInterval: 30_000,
  });
}
