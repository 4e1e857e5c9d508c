'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import {
  type CredentialCreate,
  type CredentialPatch,
  type CredentialRotate,
  credentialPatchedSchema,
  credentialTestSchema,
  credentialViewSchema,
} from '#lib/contracts/credentials.ts';

const BASE = '/api/v1/credentials';
const STALE = [queryKeys.credentials.all];

export function useCredential(id: string) {
  return useQuery({
    queryKey: queryKeys.credentials.detail(id),
    queryFn: fetching(`${BASE}/${encodeURIComponent(id)}`, credentialViewSchema),
  });
}

export function useAddCredential() {
  return useWrite((body: CredentialCreate) => api.send('POST', BASE, body, credentialViewSchema), STALE);
}

export function usePatchCredential(id: string) {
  return useWrite((body: CredentialPatch) => api.send('PATCH', `${BASE}/${id}`, body, credentialPatchedSchema), STALE);
}

export function useRotateCredential(id: string) {
  return useWrite(
    (body: CredentialRotate) => api.send('POST', `${BASE}/${id}/rotate`, body, credentialViewSchema),
    STALE,
  );
}

export function useTestCredential(id: string) {
  return useWrite((_: undefined) => api.send('POST', `${BASE}/${id}/test`, {}, credentialTestSchema), STALE);
}

export function useConfirmCredential(id: string) {
  return useWrite(
    (body: { readonly configHash: string; readonly reason: string }) =>
      api.send('POST', `${BASE}/${id}/confirm`, body, credentialViewSchema),
    STALE,
  );
}

export function useRetireCredential(id: string) {
  return useWrite(
    (reason: string) => api.send('POST', `${BASE}/${id}/retire`, { reason }, credentialViewSchema),
    [...STALE, queryKeys.servers.all],
  );
}
