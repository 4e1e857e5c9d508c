// Server-only. Where the tree's hashes come from: the application's client, or the sequencer's own connection.
import type pg from 'pg';
import type { Tx } from '../db/tx.ts';
import type { HashSource } from './tree-reader.ts';

/** Reads hashes with the application's client. */
export function storedHashes(tx: Pick<Tx, '$queryRaw'>): HashSource {
  return async (level, from, past) => {
    const rows =
      level === 0
        ? await tx.$queryRaw<{ hash: Uint8Array }[]>`
            SELECT leaf AS hash FROM audit_entries WHERE seq >= ${BigInt(from)} AND seq < ${BigInt(past)} ORDER BY seq`
        : await tx.$queryRaw<{ hash: Uint8Array }[]>`
            SELECT hash FROM audit_nodes
            WHERE level = ${level} AND index >= ${BigInt(from)} AND index < ${BigInt(past)} ORDER BY index`;
    return rows.map((row) => row.hash);
  };
}

/** Reads hashes on the sequencer's connection. */
export function storedHashesOf(client: pg.Client): HashSource {
  return async (level, from, past) => {
    const found = await client.query<{ hash: Buffer }>(
      level === 0
        ? 'SELECT leaf AS hash FROM audit_entries WHERE seq >= $1 AND seq < $2 ORDER BY seq'
        : 'SELECT hash FROM audit_nodes WHERE index >= $1 AND index < $2 AND level = $3 ORDER BY index',
      level === 0 ? [from, past] : [from, past, level],
    );
    return found.rows.map((row) => row.hash);
  };
}
