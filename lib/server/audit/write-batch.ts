// Server-only. The sequencer's statements. Its own node-postgres connection: bulk arrays, no ORM.
import type pg from 'pg';
import type { DrainedRow, NewEntry, SessionTail } from './sequence-batch.ts';
import type { TreeNode, TreeWriter } from './tree-writer.ts';

/** Another process has taken the log over: what this one still holds in memory is worthless. */
export class FencedOffError extends Error {
  override readonly name = 'FencedOffError';
}

const UTC_TEXT = `to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * Takes the oldest waiting rows, at most `limit`. DELETE … RETURNING and never `id > last seen`: ids are given before
 * commit, so a long transaction's low id becomes visible after higher ones and would be lost for ever.
 */
export async function drainInbox(client: pg.Client, limit: number): Promise<DrainedRow[]> {
  const drained = await client.query<DrainedRow>({
    name: 'audit-drain',
    text: `DELETE FROM audit_inbox
           WHERE id = ANY(ARRAY(SELECT id FROM audit_inbox ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED))
           RETURNING id, event, salt, payload, ${UTC_TEXT} AS ts`,
    values: [limit],
  });
  return drained.rows.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

/** Adds the tails of sessions that the map does not know yet. */
export async function loadTails(client: pg.Client, ids: readonly string[], tails: Map<string, SessionTail>) {
  if (ids.length === 0) return;
  const found = await client.query<{ session_id: string; last_seq: number; last_leaf: Buffer }>({
    name: 'audit-tails',
    text: 'SELECT session_id, last_seq, last_leaf FROM audit_sessions WHERE session_id = ANY($1)',
    values: [ids],
  });
  for (const row of found.rows) tails.set(row.session_id, { seq: row.last_seq, leaf: row.last_leaf });
}

/**
 * Moves the head by compare-and-set on size and fencing epoch, before anything else is written. Two sequencers that both
 * believe they lead cannot both get past this line; throws `FencedOffError` for the one that does not.
 */
export async function advanceHead(client: pg.Client, fence: string, from: number, tree: TreeWriter): Promise<void> {
  const moved = await client.query({
    name: 'audit-advance',
    text: 'UPDATE audit_head SET size = $1, frontier = $2, root = $3 WHERE id = 1 AND fence = $4 AND size = $5',
    values: [tree.size(), tree.frontier(), tree.root(), fence, from],
  });
  if (moved.rowCount !== 1) throw new FencedOffError('the audit log has another sequencer');
}

/** Inserts the entries with contiguous numbers starting at `first`. */
export async function insertEntries(client: pg.Client, first: number, entries: readonly NewEntry[]): Promise<void> {
  const column = <K extends keyof NewEntry>(name: K) => entries.map((entry) => entry[name]);
  await client.query({
    name: 'audit-entries',
    text: `INSERT INTO audit_entries (seq, leaf, entry, at, type, event_id, call_id, request_id, session_id,
                                      agent, server, tool, actor, decision, tier, policy_version, host)
           SELECT $1::bigint + n - 1, leaf, entry, ts, type, event_id, call_id, request_id, session_id,
                  agent, server, tool, actor, decision, tier, policy_version, host
           FROM unnest($2::bytea[], $3::text[], $4::timestamptz[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[],
                       $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::int[], $17::text[])
                WITH ORDINALITY AS t(leaf, entry, ts, type, event_id, call_id, request_id, session_id,
                                     agent, server, tool, actor, decision, tier, policy_version, host, n)`,
    values: [
      first,
      column('leaf'),
      column('entry'),
      column('ts'),
      column('type'),
      column('eventId'),
      column('callId'),
      column('requestId'),
      column('sessionId'),
      column('agent'),
      column('server'),
      column('tool'),
      column('actor'),
      column('decision'),
      column('tier'),
      column('policyVersion'),
      column('host'),
    ],
  });
}

/** Keeps the sealed payloads. A repeated event id keeps the first: the tree is the record, this is its appendix. */
export async function insertPayloads(client: pg.Client, rows: readonly DrainedRow[], entries: readonly NewEntry[]) {
  const sealed = rows.flatMap((row, at) => {
    const entry = entries[at];
    return entry === undefined || row.salt === null || row.payload === null
      ? []
      : [{ eventId: entry.eventId, salt: row.salt, payload: row.payload }];
  });
  if (sealed.length === 0) return;
  await client.query({
    name: 'audit-payloads',
    text: `INSERT INTO audit_payloads (event_id, salt, payload)
           SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) ON CONFLICT DO NOTHING`,
    values: [sealed.map((row) => row.eventId), sealed.map((row) => row.salt), sealed.map((row) => row.payload)],
  });
}

/** Remembers each touched session's last entry. */
export async function saveTails(client: pg.Client, ids: readonly string[], tails: ReadonlyMap<string, SessionTail>) {
  const known = ids.flatMap((id) => {
    const tail = tails.get(id);
    return tail === undefined ? [] : [{ id, ...tail }];
  });
  if (known.length === 0) return;
  await client.query({
    name: 'audit-save-tails',
    text: `INSERT INTO audit_sessions (session_id, last_seq, last_leaf)
           SELECT * FROM unnest($1::text[], $2::int[], $3::bytea[])
           ON CONFLICT (session_id) DO UPDATE SET last_seq = EXCLUDED.last_seq, last_leaf = EXCLUDED.last_leaf`,
    values: [known.map((tail) => tail.id), known.map((tail) => tail.seq), known.map((tail) => tail.leaf)],
  });
}

/** Keeps the tree nodes that this batch completed. */
export async function insertNodes(client: pg.Client, nodes: readonly TreeNode[]): Promise<void> {
  if (nodes.length === 0) return;
  await client.query({
    name: 'audit-nodes',
    text: 'INSERT INTO audit_nodes (level, index, hash) SELECT * FROM unnest($1::int[], $2::bigint[], $3::bytea[])',
    values: [nodes.map((node) => node.level), nodes.map((node) => node.index), nodes.map((node) => node.hash)],
  });
}
