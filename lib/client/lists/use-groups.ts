'use client';

import { useQuery } from '@tanstack/react-query';
import { groupsPageSchema } from '#lib/contracts/groups.ts';
import { fetching } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

/** Groups with their people, and what asks for them. */
export function useGroups() {
  return useQuery({ queryKey: queryKeys.groups, queryFn: fetching('/api/v1/groups', groupsPageSchema) });
}
