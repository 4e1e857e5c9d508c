'use client';

import { useQuery } from '@tanstack/react-query';
import { fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { egressHoursSchema } from '#lib/contracts/egress.ts';

/** Refused connections by hour over the last day, as the log tells them. */
export function useBlockedHours() {
  return useQuery({
    queryKey: queryKeys.egress.hours,
    queryFn: fetching('/api/v1/egress/hours', egressHoursSchema),
    refetchInterval: 30_000,
  });
}
