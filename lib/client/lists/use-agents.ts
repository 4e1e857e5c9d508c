'use client';

import { useQuery } from '@tanstack/react-query';
import { agentsPageSchema } from '#lib/contracts/agent-rows.ts';
import { fetching, withQuery } from '../api.ts';
import { queryKeys } from '../query-keys.ts';
import { WHOLE_LIST } from './whole-list.ts';

/** The agents' identities. */
export function useAgents() {
  return useQuery({
    queryKey: queryKeys.agents.list,
    queryFn: fetching(withQuery('/api/v1/agents', WHOLE_LIST), agentsPageSchema),
  });
}
