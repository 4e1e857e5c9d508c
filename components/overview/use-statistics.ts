'use client';

import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useRouter, useSearchParams } from 'next/navigation';
import { fetching, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type Statistics, statisticsSchema } from '#lib/contracts/overview.ts';
import { type RangeName, rangeOf } from '#lib/core/statistics/ranges.ts';

/** Columns of an hour and more: a hint at every call would ask for what the eye cannot see. */
const REFRESH_MS = 15_000;

export type StatisticsQuery = UseQueryResult<Statistics>;

/** The figures over a range; while another one loads, the old one stays. */
export function useStatistics(range: RangeName): StatisticsQuery {
  return useQuery({
    queryKey: queryKeys.statistics(range),
    queryFn: fetching(withQuery('/api/v1/statistics', { range }), statisticsSchema),
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
  });
}

/** The range in the address, so that a link shows what its sender saw. */
export function useRange(): readonly [RangeName, (range: RangeName) => void] {
  const router = useRouter();
  const range = rangeOf(useSearchParams().get('range'));
  return [range, (next) => router.replace(next === '24h' ? '/' : `/?range=${next}`, { scroll: false })];
}
