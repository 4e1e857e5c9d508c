// Server-only. Proofs against published heads: what an outsider checks with nothing but the checkpoint.
import type { z } from 'zod';
import type { consistencyProofSchema, inclusionProofSchema } from '#lib/contracts/audit-proofs.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { readCheckpoint } from './read-head.ts';
import { storedHashes } from './stored-hashes.ts';
import { consistencyPath, inclusionPath } from './tree-reader.ts';

type NotFound = { readonly code: 'not-found'; readonly detail: string };
type Reader = Pick<Tx, '$queryRaw'>;

/** The audit path of an entry in the newest signed tree. Refuses an entry that no checkpoint covers yet. */
export async function readInclusionProof(
  tx: Reader,
  seq: number,
): Promise<Result<z.infer<typeof inclusionProofSchema>, NotFound>> {
  const head = await readCheckpoint(tx);
  if (head === null || seq >= head.size) {
    return err({ code: 'not-found', detail: 'No signed checkpoint covers this entry yet.' });
  }
  const source = storedHashes(tx);
  const [leaf] = await source(0, seq, seq + 1);
  if (leaf === undefined) return err({ code: 'not-found', detail: 'The log no longer holds this entry.' });
  const proof = await inclusionPath(source, seq, head.size);
  return ok({ seq: String(seq), size: String(head.size), leaf: toHex(leaf), proof: proof.map(toHex) });
}

/** The proof that the newest signed tree extends the one of size `from`. Refuses a size the log has not published yet. */
export async function readConsistencyProof(
  tx: Reader,
  from: number,
): Promise<Result<z.infer<typeof consistencyProofSchema>, NotFound>> {
  const head = await readCheckpoint(tx);
  if (head === null || from > head.size) {
    return err({ code: 'not-found', detail: 'The log has published no head of this size or beyond.' });
  }
  const proof = await consistencyPath(storedHashes(tx), from, head.size);
  return ok({ from: String(from), to: String(head.size), proof: proof.map(toHex) });
}
