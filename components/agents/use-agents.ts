'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import {
  type AgentCreate,
  type AgentPatch,
  agentSecretSchema,
  agentSessionsSchema,
  jwkAddedSchema,
} from '#lib/contracts/agents.ts';

const BASE = '/api/v1/agents';
const STALE = [queryKeys.agents.all, queryKeys.overview];

export function useCreateAgent() {
  return useWrite((body: AgentCreate) => api.send('POST', BASE, body, agentSecretSchema), STALE);
}

export function usePatchAgent(id: string) {
  return useWrite(
    (body: AgentPatch) => api.send('PATCH', `${BASE}/${id}`, body, nothingSchema),
    [...STALE, queryKeys.servers.all],
  );
}

export function useRotateAgent(id: string) {
  return useWrite(
    (overlapS: number) => api.send('POST', `${BASE}/${id}/rotate`, { overlapS }, agentSecretSchema),
    STALE,
  );
}

export function useAddKey(id: string) {
  return useWrite(
    (body: { readonly jwk: Readonly<Record<string, unknown>>; readonly overlapS: number | null }) =>
      api.send('POST', `${BASE}/${id}/keys`, body, jwkAddedSchema),
    STALE,
  );
}

export function useRevokeKey(id: string) {
  return useWrite(
    (keyId: string) => api.send('DELETE', `${BASE}/${id}/keys/${keyId}`, undefined, nothingSchema),
    STALE,
  );
}

export function useAgentSessions(id: string) {
  return useQuery({
    queryKey: queryKeys.agents.sessions(id),
    queryFn: fetching(`${BASE}/${id}/sessions`, agentSessionsSchema),
  });
}

/** Puts a session outside, or lets it in again. Its name is the agent's own text. */
export function useMoveSession(id: string, session: string, move: 'quarantine' | 'lift') {
  const path = `${BASE}/${id}/sessions/${encodeURIComponent(session)}/${move}`;
  return useWrite(
    (reason: string) => api.send('POST', path, { reason }, nothingSchema),
    [...STALE, queryKeys.approvals.all],
  );
}

export function useRevokeAgent(id: string) {
  return useWrite((reason: string) => api.send('POST', `${BASE}/${id}/revoke`, { reason }, nothingSchema), STALE);
}

export function useRevokeToken(id: string) {
  return useWrite(
    (tokenId: string) => api.send('DELETE', `${BASE}/${id}/tokens/${tokenId}`, undefined, nothingSchema),
    STALE,
  );
}
