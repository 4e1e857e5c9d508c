// Server-only. Partitions of audit_entries by seq, made ahead of need.
import type pg from 'pg';

/** Sixteen times 65,536: whole hash tiles lie in one partition, and a hundred million entries need a hundred of them. */
export const PARTITION_ENTRIES = 1_048_576;

/**
 * Makes the partition in which `size` lies, and the next one as soon as half of it is used. Returns the size from which
 * it must be called again. Without a partition an insert fails, the batch rolls back and the inbox keeps its rows.
 */
export async function ensurePartitions(client: pg.Client, size: number): Promise<number> {
  const current = Math.floor(size / PARTITION_ENTRIES);
  const halfway = (current + 0.5) * PARTITION_ENTRIES;
  const last = size >= halfway ? current + 1 : current;
  for (let part = current; part <= last; part++) {
    await client.query('SELECT audit_add_partition($1, $2)', [
      part * PARTITION_ENTRIES,
      (part + 1) * PARTITION_ENTRIES,
    ]);
  }
  return size >= halfway ? (current + 1.5) * PARTITION_ENTRIES : halfway;
}
