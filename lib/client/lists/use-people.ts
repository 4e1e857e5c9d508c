'use client';

import { useQuery } from '@tanstack/react-query';
import { peoplePageSchema } from '#lib/contracts/people.ts';
import { fetching, withQuery } from '../api.ts';
import { queryKeys } from '../query-keys.ts';
import { WHOLE_LIST } from './whole-list.ts';

/** The people who may sign in. */
export function usePeople(enabled = true) {
  return useQuery({
    queryKey: queryKeys.people,
    queryFn: fetching(withQuery('/api/v1/people', WHOLE_LIST), peoplePageSchema),
    enabled,
  });
}
