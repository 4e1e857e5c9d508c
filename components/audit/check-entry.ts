import { api } from '#lib/client/api.ts';
import { openInclusion } from '#lib/client/inclusion.ts';
import type { AuditRow } from '#lib/contracts/audit.ts';
import { checkpointSchema, inclusionProofSchema } from '#lib/contracts/audit-proofs.ts';
import { checkSignature } from './check-signature.ts';

export type EntryCheck =
  | { readonly kind: 'included'; readonly size: string }
  | { readonly kind: 'not-yet' }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'cannot-check'; readonly reason: string };

const TRIES = 3;

/** Proves in this browser that an entry's exact text stands in the signed log at its place. */
export async function checkEntry(row: AuditRow): Promise<EntryCheck> {
  for (let left = TRIES; left > 0; left--) {
    const proof = await api.get(`/api/v1/audit/proof/inclusion/${row.seq}`, inclusionProofSchema);
    if (!proof.ok)
      return proof.error.code === 'not-found'
        ? { kind: 'not-yet' }
        : { kind: 'cannot-check', reason: proof.error.title };
    const head = await api.get('/api/v1/audit/checkpoint', checkpointSchema);
    if (!head.ok) return { kind: 'cannot-check', reason: head.error.title };
    if (head.value.size !== proof.value.size) continue;
    return openInclusion({ entry: row.entry, seq: row.seq, proof: proof.value, head: head.value }, checkSignature);
  }
  return { kind: 'cannot-check', reason: 'The log is growing faster than it could be checked just now.' };
}
