'use client';

import type { z } from 'zod';
import { type ApiResult, api, nothingSchema } from '#lib/client/api.ts';
import { askPasskey } from '#lib/client/passkey.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type Grant, type grantCreateSchema, grantSchema } from '#lib/contracts/grants.ts';

const BASE = '/api/v1/grants';
const STALE = [queryKeys.grants.all];

export type GrantBody = z.infer<typeof grantCreateSchema>;
type GrantVote = { readonly decision: 'approve' | 'deny'; readonly reason: string };

export function useProposeGrant() {
  return useWrite((body: GrantBody) => api.send('POST', BASE, body, grantSchema), STALE);
}

/** A vote on a grant, bound to the digest on the screen; with a passkey where the hold that it replaces asks for one. */
export function useVoteGrant(grant: Grant) {
  return useWrite(async ({ decision, reason }: GrantVote): Promise<ApiResult<Grant>> => {
    const path = `${BASE}/${encodeURIComponent(grant.id)}`;
    const body = { decision, digest: grant.digest, ...(reason === '' ? {} : { reason }) };
    if (decision === 'deny' || grant.stepUp === 'none') return api.send('POST', `${path}/votes`, body, grantSchema);
    const proof = await askPasskey(`${path}/challenge`, { decision, digest: grant.digest });
    if (!proof.ok) return proof;
    return api.send('POST', `${path}/votes`, { ...body, assertion: proof.value }, grantSchema);
  }, STALE);
}

export function useRevokeGrant(grant: Grant) {
  return useWrite(
    (_: undefined) => api.send('DELETE', `${BASE}/${encodeURIComponent(grant.id)}`, undefined, nothingSchema),
    STALE,
  );
}
