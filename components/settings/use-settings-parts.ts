'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { type ApiResult, api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type Group, type groupPatchSchema, groupsPageSchema } from '#lib/contracts/groups.ts';
import {
  aboutSchema,
  keysSchema,
  LONGEST_RETENTION_DAYS,
  licencesSchema,
  type Retention,
  retentionPreviewSchema,
  type retentionProposeSchema,
  retentionSchema,
  SHORTEST_RETENTION_DAYS,
} from '#lib/contracts/settings.ts';

const RETENTION = '/api/v1/settings/retention';
const GROUPS = '/api/v1/groups';

type GroupChange =
  | { readonly kind: 'new'; readonly name: string; readonly memberIds: string[] }
  | { readonly kind: 'change'; readonly name: string; readonly patch: z.input<typeof groupPatchSchema> };

/** Begins a group, or moves people in and out of one. */
export function useChangeGroup() {
  return useWrite(
    (change: GroupChange): Promise<ApiResult<{ readonly items: Group[] }>> =>
      change.kind === 'new'
        ? api.send('POST', GROUPS, { name: change.name, memberIds: change.memberIds }, groupsPageSchema)
        : api.send('PATCH', `${GROUPS}/${encodeURIComponent(change.name)}`, change.patch, groupsPageSchema),
    [queryKeys.people, queryKeys.groups, queryKeys.me],
  );
}

export function useRetention() {
  return useQuery({ queryKey: queryKeys.settings.retention, queryFn: fetching(RETENTION, retentionSchema) });
}

/** What a rule of so many days would erase now; asks only for a number that a rule may have. */
export function useRetentionPreview(days: number | null) {
  const fits = days !== null && days >= SHORTEST_RETENTION_DAYS && days <= LONGEST_RETENTION_DAYS;
  return useQuery({
    queryKey: queryKeys.settings.retentionPreview(days),
    queryFn: fetching(`${RETENTION}/preview?days=${days}`, retentionPreviewSchema),
    enabled: fits,
    placeholderData: keepPreviousData,
  });
}

export function useProposeRetention() {
  return useWrite(
    (body: z.input<typeof retentionProposeSchema>) => api.send('POST', RETENTION, body, retentionSchema),
    [queryKeys.settings.retention],
  );
}

/** The second person's word; the password where one person alone proposes and agrees. */
export function useApproveRetention(id: string) {
  return useWrite(
    (password: string | null): Promise<ApiResult<Retention>> =>
      api.send('POST', `${RETENTION}/${id}/approve`, password === null ? {} : { password }, retentionSchema),
    [queryKeys.settings.retention],
  );
}

export function useWithdrawRetention(id: string) {
  return useWrite(
    () => api.send('POST', `${RETENTION}/${id}/withdraw`, {}, retentionSchema),
    [queryKeys.settings.retention],
  );
}

export function useInstallationKeys() {
  return useQuery({ queryKey: queryKeys.settings.keys, queryFn: fetching('/api/v1/settings/keys', keysSchema) });
}

/** Read again every few seconds while it is looked at: it says how things are now. */
export function useAbout() {
  return useQuery({
    queryKey: queryKeys.settings.about,
    queryFn: fetching('/api/v1/about', aboutSchema),
    refetchInterval: 5_000,
  });
}

export function useLicences() {
  return useQuery({
    queryKey: queryKeys.settings.licences,
    queryFn: fetching('/api/v1/about/licences', licencesSchema),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
