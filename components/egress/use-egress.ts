'use client';

import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { EgressEntryInput } from '#lib/contracts/servers.ts';

const BASE = '/api/v1/egress';

export function useAddEntry() {
  return useWrite((body: EgressEntryInput) => api.send('POST', BASE, body, nothingSchema), [queryKeys.egress.all]);
}

export function useRemoveEntry() {
  return useWrite((id: string) => api.send('DELETE', `${BASE}/${id}`, undefined, nothingSchema), [queryKeys.egress.all]);
}
