'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { ApiError, api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { observedSchema, policyCheckedSchema, simulationSchema } from '#lib/contracts/policies.ts';
import type { Rule } from '#lib/core/policies/rule.ts';

const BASE = '/api/v1/policies';
const STALE = [queryKeys.policies.all];
const storedSchema = z.object({ version: z.number().int() });

/** What rules in observe would have done to the calls of late. */
export function useObserved() {
  return useQuery({ queryKey: queryKeys.policies.observed, queryFn: fetching(`${BASE}/observed`, observedSchema) });
}

/** Lint and comparison of rules that are not stored; null = they are not even well-formed, so there is nothing to ask. */
export function useCheck(baseVersion: number, rules: readonly Rule[] | null) {
  return useQuery({
    queryKey: queryKeys.policies.check({ baseVersion, rules }),
    queryFn: async () => {
      const answer = await api.send('POST', `${BASE}/check`, { baseVersion, rules }, policyCheckedSchema);
      if (!answer.ok) throw new ApiError(answer.error);
      return answer.value;
    },
    enabled: rules !== null,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  });
}

type DraftBody = { readonly rules: readonly Rule[]; readonly note: string };

/** Stores a new draft, written against the version that was in force when the editor was opened. */
export function useCreateDraft(baseVersion: number) {
  return useWrite((body: DraftBody) => api.send('POST', BASE, { baseVersion, ...body }, storedSchema), STALE);
}

export function useChangeDraft() {
  return useWrite(
    ({ version, ...body }: DraftBody & { readonly version: number }) =>
      api.send('PATCH', `${BASE}/${version}`, body, storedSchema),
    STALE,
  );
}

export function useWithdraw(version: number) {
  return useWrite((_: undefined) => api.send('PATCH', `${BASE}/${version}`, { withdraw: true }, nothingSchema), STALE);
}

/** Publishes exactly what is on the screen: the hash says which rules those are. `despiteTests`: also with tests that fail. */
export function usePublish(version: number, contentHash: string) {
  return useWrite(
    (despiteTests: boolean) =>
      api.send(
        'POST',
        `${BASE}/${version}/publish`,
        { contentHash, ...(despiteTests ? { despiteTests: true } : {}) },
        nothingSchema,
      ),
    STALE,
  );
}

/** The second person's word; alone, the same person's with the password. */
export function useApprove(version: number, contentHash: string) {
  return useWrite(
    (password: string | null) =>
      api.send(
        'POST',
        `${BASE}/${version}/approve`,
        { contentHash, ...(password === null ? {} : { password }) },
        nothingSchema,
      ),
    STALE,
  );
}

export type Simulated = { readonly rules: readonly Rule[] } | { readonly version: number };

/** Runs rules over recorded calls. Nothing is written and nothing becomes stale. */
export function useSimulate() {
  return useWrite(
    ({ of, days }: { readonly of: Simulated; readonly days: number }) =>
      api.send('POST', `${BASE}/simulate`, { ...of, since: daysAgo(days) }, simulationSchema),
    [],
  );
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString();
}
