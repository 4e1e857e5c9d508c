'use client';

import { useQuery } from '@tanstack/react-query';
import { agentsPageSchema } from '#lib/contracts/agents.ts';
import { credentialsListSchema } from '#lib/contracts/credentials.ts';
import { egressHoursSchema, egressPageSchema } from '#lib/contracts/egress.ts';
import { groupsPageSchema } from '#lib/contracts/groups.ts';
import { peoplePageSchema } from '#lib/contracts/people.ts';
import { serversPageSchema } from '#lib/contracts/servers.ts';
import { fetching, withQuery } from './api.ts';
import { queryKeys } from './query-keys.ts';

/** A registry fits into one page of this size in every deployment we know of; the API never sends more. */
const ALL = { limit: 200 };

/** The registered servers. */
export function useServers() {
  return useQuery({
    queryKey: queryKeys.servers.list,
    queryFn: fetching(withQuery('/api/v1/servers', ALL), serversPageSchema),
  });
}

/** The agents' identities. */
export function useAgents() {
  return useQuery({
    queryKey: queryKeys.agents.list,
    queryFn: fetching(withQuery('/api/v1/agents', ALL), agentsPageSchema),
  });
}

/** The people who may sign in. */
export function usePeople(enabled = true) {
  return useQuery({
    queryKey: queryKeys.people,
    queryFn: fetching(withQuery('/api/v1/people', ALL), peoplePageSchema),
    enabled,
  });
}

/** Groups with their people, and what asks for them. */
export function useGroups() {
  return useQuery({ queryKey: queryKeys.groups, queryFn: fetching('/api/v1/groups', groupsPageSchema) });
}

/** The allowlist. */
export function useEgress() {
  return useQuery({
    queryKey: queryKeys.egress.list,
    queryFn: fetching(withQuery('/api/v1/egress', ALL), egressPageSchema),
  });
}

/** The upstream credentials, without their secrets. */
export function useCredentials() {
  return useQuery({
    queryKey: queryKeys.credentials.list,
    queryFn: fetching('/api/v1/credentials', credentialsListSchema),
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
