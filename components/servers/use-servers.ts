'use client';

import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { egressEntryInputSchema } from '#lib/contracts/egress-input.ts';
import {
  type ServerCreate,
  type ServerPatch,
  serverDetailSchema,
  stdioCommandsSchema,
  type Tool,
  type ToolPatch,
} from '#lib/contracts/servers.ts';
import { idSchema } from '#lib/contracts/shared-shapes.ts';

const BASE = '/api/v1/servers';
const STALE = [queryKeys.servers.all, queryKeys.overview];
const createdSchema = z.object({ id: idSchema });

export function useServer(id: string) {
  return useQuery({
    queryKey: queryKeys.servers.detail(id),
    queryFn: fetching(`${BASE}/${encodeURIComponent(id)}`, serverDetailSchema),
  });
}

/** The commands that the host's configuration defined; a console user can only pick one of them. */
export function useCommands(enabled: boolean) {
  return useQuery({
    queryKey: queryKeys.commands,
    queryFn: fetching('/api/v1/commands', stdioCommandsSchema),
    enabled,
  });
}

/** Adds a server and, where it can be asked, reads its tools at once; a scan that fails shows on the server's own page. */
export function useCreateServer() {
  return useWrite(
    async (body: ServerCreate) => {
      const created = await api.send('POST', BASE, body, createdSchema);
      if (created.ok && body.transport !== 'external') {
        await api.send('POST', `${BASE}/${created.value.id}/scan`, {}, nothingSchema);
      }
      return created;
    },
    [...STALE, queryKeys.egress.all],
  );
}

export function usePatchServer(id: string) {
  return useWrite(
    (body: ServerPatch) => api.send('PATCH', `${BASE}/${id}`, body, nothingSchema),
    [...STALE, queryKeys.egress.all],
  );
}

export function useScanServer(id: string) {
  return useWrite((_: undefined) => api.send('POST', `${BASE}/${id}/scan`, {}, nothingSchema), STALE);
}

/** Accepts exactly the definitions that were on the screen: each by the digest that was shown. */
export function useAcceptTools(id: string) {
  return useWrite(
    (tools: readonly Tool[]) =>
      api.send(
        'POST',
        `${BASE}/${id}/accept`,
        { tools: tools.map((tool) => ({ name: tool.name, digest: tool.definitionDigest })) },
        nothingSchema,
      ),
    STALE,
  );
}

export function useTagTool(id: string, tool: string) {
  return useWrite(
    (body: ToolPatch) => api.send('PATCH', `${BASE}/${id}/tools/${encodeURIComponent(tool)}`, body, nothingSchema),
    STALE,
  );
}

/** The allowlist entry a refusal asks for, when it does. */
export function egressNeeded(problem: { readonly code: string; readonly needs?: unknown } | null) {
  if (problem?.code !== 'egress-entry-needed') return null;
  const needs = egressEntryInputSchema.safeParse(problem.needs);
  return needs.success ? needs.data : null;
}
