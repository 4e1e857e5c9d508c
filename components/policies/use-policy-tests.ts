'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { policyTestsSchema } from '#lib/contracts/policy-tests.ts';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';

const BASE = '/api/v1/policies/tests';
/** What came of them is part of every check and of every version's page. */
const STALE = [queryKeys.policies.all];

export function usePolicyTests() {
  return useQuery({ queryKey: queryKeys.policies.tests, queryFn: fetching(BASE, policyTestsSchema) });
}

/** Adds a test, or puts it in the place of the one of this name. */
export function useSavePolicyTest(replaces: string | null) {
  return useWrite(
    (test: PolicyTest) =>
      replaces === null
        ? api.send('POST', BASE, test, nothingSchema)
        : api.send('PATCH', `${BASE}/${encodeURIComponent(replaces)}`, test, nothingSchema),
    STALE,
  );
}

export function useRemovePolicyTest(name: string) {
  return useWrite(
    (_: undefined) => api.send('DELETE', `${BASE}/${encodeURIComponent(name)}`, {}, nothingSchema),
    STALE,
  );
}
