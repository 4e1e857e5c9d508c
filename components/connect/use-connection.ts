'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type AgentUsage, agentDetailSchema, agentUsageSchema, tokenSecretSchema } from '#lib/contracts/agents.ts';

const BASE = '/api/v1/agents';
const STALE = [queryKeys.agents.all, queryKeys.overview];

/** One agent, with what its client needs to be told. */
export function useAgent(name: string) {
  return useQuery({
    queryKey: queryKeys.agents.detail(name),
    queryFn: fetching(`${BASE}/${encodeURIComponent(name)}`, agentDetailSchema),
  });
}

/** How often a page that waits for the first call looks for it: the log's part of an agent has no hint of its own. */
const WATCH_MS = 2000;

/** What an agent did. While `watching`, it is asked again until there is a call. */
export function useAgentUsage(id: string, watching = false) {
  return useQuery<AgentUsage>({
    queryKey: queryKeys.agents.usage(id),
    queryFn: fetching(`${BASE}/${id}/usage`, agentUsageSchema),
    refetchInterval: ({ state }) => (watching && (state.data?.tools.length ?? 0) === 0 ? WATCH_MS : false),
  });
}

/** Issues a static token; the answer is the only place where it is ever shown. */
export function useMintToken(id: string) {
  return useWrite(
    (body: { readonly audience: string; readonly ttlS: number }) =>
      api.send('POST', `${BASE}/${id}/tokens`, body, tokenSecretSchema),
    STALE,
  );
}
