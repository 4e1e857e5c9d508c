'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { incidentDetailSchema } from '#lib/contracts/incidents.ts';
import type { IncidentKind } from '#lib/core/incidents/kinds.ts';

const BASE = '/api/v1/incidents';
const STALE = [queryKeys.incidents.all];

/** One incident; asked for only by those who may read it. */
export function useIncident(id: string, may: boolean) {
  return useQuery({
    queryKey: queryKeys.incidents.detail(id),
    queryFn: fetching(`${BASE}/${encodeURIComponent(id)}`, incidentDetailSchema),
    enabled: may,
  });
}

export function useTakeIncident(id: string) {
  return useWrite(
    (takeOver: boolean) => api.send('POST', `${BASE}/${id}/acknowledge`, { takeOver }, incidentDetailSchema),
    STALE,
  );
}

export function useResolveIncident(id: string) {
  return useWrite(
    (reason: string) => api.send('POST', `${BASE}/${id}/resolve`, { reason }, incidentDetailSchema),
    STALE,
  );
}

export function useNoteIncident(id: string) {
  return useWrite((words: string) => api.send('POST', `${BASE}/${id}/notes`, { words }, incidentDetailSchema), STALE);
}

export function useDoStep(id: string) {
  return useWrite((step: string) => api.send('POST', `${BASE}/${id}/steps/${step}`, {}, incidentDetailSchema), STALE);
}

export function useStartDrill() {
  return useWrite((kind: IncidentKind) => api.send('POST', `${BASE}/drills`, { kind }, incidentDetailSchema), STALE);
}
