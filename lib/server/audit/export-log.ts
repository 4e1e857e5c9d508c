// Server-only. The whole log as a file that anybody can verify offline.
import { formatCheckpointLine, formatEntryLine } from '#lib/core/audit/export-format.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { readCheckpoint } from './read-head.ts';

/** Where the lines go; a slow reader slows the export down. */
export type ExportSink = { readonly write: (line: string) => Promise<void> | void };

export type ExportOptions = {
  /** The log's verifier key, as `keys.logSigning.vkey`. */
  readonly vkey: string;
  /** At most this many entries: the newest checkpoint of that size or less closes the file. */
  readonly until?: number;
};

const ROWS_A_READ = 2_000;

/**
 * Yields the export line by line, each ending in a newline: entries in order, then the signed checkpoint.
 *
 * It holds exactly the entries that the checkpoint covers. Entries never change, so paging by number up to a head that was
 * read first gives one consistent state without a transaction that would keep vacuum waiting. Throws when the log holds
 * fewer entries than it has signed: that is damage, and a short file would pass for a choice.
 */
export async function* exportLines(tx: Pick<Tx, '$queryRaw'>, options: ExportOptions): AsyncGenerator<string> {
  const head = await readCheckpoint(tx, options.until);
  if (head === null) return;
  for (let from = 0; from < head.size; from += ROWS_A_READ) {
    const past = Math.min(from + ROWS_A_READ, head.size);
    const rows = await tx.$queryRaw<{ seq: bigint; leaf: Uint8Array; entry: string }[]>`
      SELECT seq, leaf, entry FROM audit_entries
      WHERE seq >= ${BigInt(from)} AND seq < ${BigInt(past)} ORDER BY seq`;
    if (rows.length !== past - from) throw new Error(`the log lacks entries between ${from} and ${past}`);
    yield rows.map((row) => `${formatEntryLine(row)}\n`).join('');
  }
  yield `${formatCheckpointLine(head.note, options.vkey)}\n`;
}

/** Writes the export into a sink. Refuses while the log has no signed head: there would be nothing to verify against. */
export async function exportLog(
  tx: Pick<Tx, '$queryRaw'>,
  sink: ExportSink,
  options: ExportOptions,
): Promise<Result<{ readonly size: number }, { readonly code: 'not-found'; readonly detail: string }>> {
  const head = await readCheckpoint(tx, options.until);
  if (head === null) return err({ code: 'not-found', detail: 'The log has no signed checkpoint yet.' });
  for await (const lines of exportLines(tx, { ...options, until: head.size })) await sink.write(lines);
  return ok({ size: head.size });
}
