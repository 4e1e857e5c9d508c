'use client';

import { useQuery } from '@tanstack/react-query';
import { policiesPageSchema, policyDetailSchema } from '#lib/contracts/policies.ts';
import { fetching, withQuery } from './api.ts';
import { queryKeys } from './query-keys.ts';

const BASE = '/api/v1/policies';

/** Every version there is, the newest first, and which of them is in force. */
export function usePolicies() {
  return useQuery({
    queryKey: queryKeys.policies.list,
    queryFn: fetching(withQuery(BASE, { limit: 100 }), policiesPageSchema),
  });
}

/** One version with its rules, and what it would change. Version 0 is the empty policy before the first one. */
export function usePolicy(version: number) {
  return useQuery({
    queryKey: queryKeys.policies.detail(version),
    queryFn: fetching(`${BASE}/${version}`, policyDetailSchema),
    enabled: version > 0,
  });
}
