import type { AuditRow } from '#lib/contracts/audit.ts';

export type RowProof = 'proven' | 'broken';
/** By number and exact text: a row whose text comes back another one is checked anew. */
export type RowProofs = ReadonlyMap<string, RowProof>;

export function proofKey(row: AuditRow): string {
  return `${row.seq}\n${row.entry}`;
}
