// Server-only. One sequencer's reign over the log: it holds the lock and the head, and everything else waits.
import type pg from 'pg';
import { ensurePartitions } from './partitions.ts';
import { readRows, type SessionTail, sequenceBatch } from './sequence-batch.ts';
import { type LogSigning, signCheckpoint } from './sign-checkpoint.ts';
import { continueTree, type TreeWriter } from './tree-writer.ts';
import {
  advanceHead,
  drainInbox,
  FencedOffError,
  insertEntries,
  insertNodes,
  insertPayloads,
  loadTails,
  saveTails,
} from './write-batch.ts';

/** Any number, the same in every release: whoever holds this advisory lock sequences. */
const SEQUENCER_LOCK = 7_236_019_256;
const MOST_TAILS = 50_000;

export type Reign = {
  readonly size: () => number;
  /** Sequences at most `limit` waiting rows in one transaction and returns how many there were. */
  readonly sequence: (limit: number) => Promise<number>;
  /** Signs the head as it is now. */
  readonly publish: (signing: LogSigning) => Promise<{ readonly size: number; readonly root: Uint8Array }>;
};

/**
 * Takes the log over, or returns null while another process has it. The connection owns the lock, so a killed process
 * gives it up at once. Raising the fence makes every batch of an earlier leader fail, even one that still believes in its
 * lock after a network partition.
 */
export async function takeLog(client: pg.Client): Promise<Reign | null> {
  const lock = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1) AS got', [SEQUENCER_LOCK]);
  if (lock.rows[0]?.got !== true) return null;
  const head = await client.query<{ size: string; frontier: Buffer; fence: string }>(
    'UPDATE audit_head SET fence = fence + 1 WHERE id = 1 RETURNING size, frontier, fence',
  );
  const row = head.rows[0];
  if (row === undefined) throw new Error('audit_head has no row: the database was not migrated');
  return reignOver(client, row.fence, continueTree(Number(row.size), row.frontier));
}

function reignOver(client: pg.Client, fence: string, tree: TreeWriter): Reign {
  const tails = new Map<string, SessionTail>();
  let partitionsUntil = 0;

  const writeBatch = async (limit: number): Promise<number> => {
    const rows = readRows(await drainInbox(client, limit));
    if (rows.length === 0) return 0;
    const first = tree.size();
    const sessions = [...new Set(rows.flatMap((row) => row.sessionId ?? []))];
    const unknown = sessions.filter((id) => !tails.has(id));
    await loadTails(client, unknown, tails);
    const entries = sequenceBatch(rows, tails);
    for (const entry of entries) tree.append(entry.leaf);
    await advanceHead(client, fence, first, tree);
    await insertEntries(client, first, entries);
    const drained = rows.map(({ row }) => row);
    await insertPayloads(client, drained, entries);
    await saveTails(client, sessions, tails);
    await insertNodes(client, tree.takeNodes());
    await client.query("SELECT pg_notify('cs_audit', $1)", [JSON.stringify({ size: tree.size() })]);
    return rows.length;
  };

  return {
    size: tree.size,
    async sequence(limit) {
      if (tree.size() + limit >= partitionsUntil) partitionsUntil = await ensurePartitions(client, tree.size() + limit);
      // Without this look an idle log would open three transactions' worth of round trips five times a second.
      const waiting = await client.query({
        name: 'audit-waiting',
        text: 'SELECT FROM audit_inbox LIMIT 1',
      });
      if (waiting.rowCount === 0) return 0;
      // Any failure ends the reign: the tree in memory has moved on, the database has not.
      await client.query('BEGIN');
      const count = await writeBatch(limit);
      await client.query('COMMIT');
      if (tails.size > MOST_TAILS) tails.clear();
      return count;
    },
    async publish(signing) {
      const clock = await client.query<{ at: string }>(
        `SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at`,
      );
      const at = clock.rows[0]?.at ?? '';
      const head = { size: tree.size(), root: tree.root() };
      const note = signCheckpoint({ ...head, at }, signing);
      const published = await client.query(
        `INSERT INTO audit_checkpoints (size, root, note, at)
         SELECT size, root, $1, $2::timestamptz FROM audit_head WHERE id = 1 AND fence = $3 AND size = $4 AND root = $5`,
        [note, at, fence, head.size, head.root],
      );
      if (published.rowCount !== 1) throw new FencedOffError('the audit log has another sequencer');
      return head;
    },
  };
}
