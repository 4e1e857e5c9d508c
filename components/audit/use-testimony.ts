'use client';

import { useQuery } from '@tanstack/react-query';
import { ApiError, api, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type Memory, memorySchema, type Testimony, testify } from '#lib/client/witness.ts';
import { checkpointSchema, consistencyProofSchema } from '#lib/contracts/audit-proofs.ts';
import { checkSignature } from './check-signature.ts';

const KEPT_UNDER = 'countersign.witness';
const TRIES = 3;

function recall(): Memory | null {
  try {
    const parsed = memorySchema.safeParse(JSON.parse(window.localStorage.getItem(KEPT_UNDER) ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function remember(memory: Memory | null): void {
  try {
    if (memory !== null) window.localStorage.setItem(KEPT_UNDER, JSON.stringify(memory));
  } catch {
    // A browser that keeps nothing (private mode, full storage) still checks the signature each time.
  }
}

/** The proof from a remembered size to exactly `to`; null when the log has moved on meanwhile or the API refused. */
async function fetchProof(from: number, to: number): Promise<readonly string[] | null> {
  const answer = await api.get(withQuery('/api/v1/audit/proof/consistency', { from }), consistencyProofSchema);
  return answer.ok && answer.value.to === String(to) ? answer.value.proof : null;
}

export type Checked = {
  readonly testimony: Testimony;
  readonly size: string;
  readonly root: string;
  readonly at: string;
};

/** Fetches the newest checkpoint and lets this browser testify on it, against what it remembers. */
async function check(): Promise<Checked> {
  for (let left = TRIES; ; left--) {
    const answer = await api.get('/api/v1/audit/checkpoint', checkpointSchema);
    if (!answer.ok) throw new ApiError(answer.error);
    const head = answer.value;
    const { testimony, keep } = await testify(head, recall(), checkSignature, fetchProof);
    remember(keep);
    // Under load the log grows between the checkpoint and its proof; a fresh pair fits.
    if (testimony.kind === 'cannot-check' && left > 1) continue;
    return { testimony, size: head.size, root: head.root, at: head.at };
  }
}

/** What this browser can say of the log as a whole. */
export function useTestimony() {
  return useQuery({ queryKey: queryKeys.audit.checkpoint, queryFn: check });
}
