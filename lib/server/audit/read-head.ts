// Server-only.
import type { Tx } from '../db/tx.ts';

export type PublishedHead = { readonly size: number; readonly root: string; readonly note: string; readonly at: Date };

/** The newest signed tree head, or null while the log has none; `atMost` looks for one of at most that size. */
export async function readCheckpoint(
  tx: Pick<Tx, '$queryRaw'>,
  atMost: number = Number.MAX_SAFE_INTEGER,
): Promise<PublishedHead | null> {
  const rows = await tx.$queryRaw<{ size: bigint; root: Uint8Array; note: string; at: Date }[]>`
    SELECT size, root, note, at FROM audit_checkpoints WHERE size <= ${BigInt(atMost)}
    ORDER BY size DESC, at DESC LIMIT 1`;
  const [row] = rows;
  return row === undefined
    ? null
    : { size: Number(row.size), root: Buffer.from(row.root).toString('hex'), note: row.note, at: row.at };
}

/** Waiting rows are counted up to this many: a log that nobody sequences must not make every page slow. */
const COUNT_AT_MOST = 10_000;

/** What the log holds now, signed or not, and how many events still wait for their number. */
export async function readLogHead(tx: Pick<Tx, '$queryRaw'>): Promise<{ size: string; root: string; waiting: number }> {
  const rows = await tx.$queryRaw<{ size: bigint; root: Uint8Array; waiting: number }[]>`
    SELECT size, root,
           (SELECT count(*)::int FROM (SELECT FROM audit_inbox LIMIT ${COUNT_AT_MOST}::int) AS counted) AS waiting
    FROM audit_head WHERE id = 1`;
  const [row] = rows;
  if (row === undefined) throw new Error('audit_head has no row: the database was not migrated');
  return { size: row.size.toString(), root: Buffer.from(row.root).toString('hex'), waiting: row.waiting };
}
