'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type CommandPropose, commandProposalsSchema, runningSchema } from '#lib/contracts/commands.ts';

const BASE = '/api/v1/commands';
const STALE = [queryKeys.commands, queryKeys.servers.all];
const RUNNING_EVERY_MS = 5_000;

export function useProposals() {
  return useQuery({
    queryKey: [...queryKeys.commands, 'proposals'],
    queryFn: fetching(`${BASE}/proposals`, commandProposalsSchema),
  });
}

/** How a server's program runs now. The runner tells nobody by itself, so it is asked while somebody looks. */
export function useRunning(name: string) {
  return useQuery({
    queryKey: [...queryKeys.commands, 'running', name],
    queryFn: fetching(`${BASE}/running/${encodeURIComponent(name)}`, runningSchema),
    refetchInterval: RUNNING_EVERY_MS,
  });
}

export function useProposeCommand() {
  return useWrite((body: CommandPropose) => api.send('POST', `${BASE}/proposals`, body, commandProposalsSchema), STALE);
}

export function useApproveCommand(id: string) {
  return useWrite(
    (password: string | null) =>
      api.send(
        'POST',
        `${BASE}/proposals/${id}/approve`,
        password === null ? {} : { password },
        commandProposalsSchema,
      ),
    STALE,
  );
}

export function useWithdrawCommand(id: string) {
  return useWrite(
    (_: undefined) => api.send('POST', `${BASE}/proposals/${id}/withdraw`, {}, commandProposalsSchema),
    STALE,
  );
}

export function useAcceptPackage(name: string) {
  return useWrite(
    (integrity: string) =>
      api.send('POST', `${BASE}/running/${encodeURIComponent(name)}/package`, { integrity }, runningSchema),
    STALE,
  );
}

export function useEndProxyCredential(name: string) {
  return useWrite(
    (reason: string) =>
      api.send('POST', `${BASE}/running/${encodeURIComponent(name)}/proxy-credential`, { reason }, runningSchema),
    STALE,
  );
}
