import type { z } from 'zod';
import { api, withQuery } from '#lib/client/api.ts';
import { hashFrom } from '#lib/client/witness.ts';
import { type AuditRow, inclusionProofsSchema } from '#lib/contracts/audit.ts';
import { leafHash } from '#lib/core/audit/entry.ts';
import { verifyInclusion } from '#lib/core/audit/merkle.ts';
import type { RowProof } from './row-proof.ts';

/** A tree head that this browser has checked: signed, and an extension of every one it saw before. */
type Witnessed = { readonly size: number; readonly root: string };

/** So many rows are hashed before the page gets its turn again. */
const ROWS_A_TURN = 20;

/** Fetches the proofs of some rows and judges them. Null = the proofs did not come. */
export async function checkRows(
  rows: readonly AuditRow[],
  head: Witnessed,
): Promise<ReadonlyMap<AuditRow, RowProof> | null> {
  const seqs = rows.map((row) => row.seq).join(',');
  const answer = await api.get(
    withQuery('/api/v1/audit/proof/inclusion', { seqs, size: head.size }),
    inclusionProofsSchema,
  );
  return answer.ok ? judgeRows(rows, answer.value, head) : null;
}

/**
 * Whether the text of each row stands in the witnessed tree at its number. A row without a proof in the answer is broken:
 * whoever holds the server must not get rid of the mark by leaving it out.
 */
export async function judgeRows(
  rows: readonly AuditRow[],
  answer: z.infer<typeof inclusionProofsSchema>,
  head: Witnessed,
): Promise<ReadonlyMap<AuditRow, RowProof>> {
  const root = hashFrom(head.root);
  const hashes = answer.hashes.map(hashFrom);
  const paths = new Map(answer.proofs.map((proof) => [proof.seq, proof.path]));
  const judged = new Map<AuditRow, RowProof>();
  for (const [at, row] of rows.entries()) {
    if (at > 0 && at % ROWS_A_TURN === 0) await new Promise((turn) => setTimeout(turn));
    const path = paths.get(row.seq)?.map((place) => hashes[place] ?? null);
    const proof = path?.flatMap((hash) => (hash === null ? [] : [hash]));
    const holds =
      root !== null &&
      path !== undefined &&
      proof?.length === path.length &&
      verifyInclusion({ leaf: leafHash(row.entry), index: Number(row.seq), size: head.size, proof, root });
    judged.set(row, holds ? 'proven' : 'broken');
  }
  return judged;
}
