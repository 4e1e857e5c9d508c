// Server-only. Sessions that have read what strangers wrote, as every gateway knows them.
import type pg from 'pg';
import type { InboxRow } from '../audit/record-event.ts';
import type { Log } from '../log.ts';
import { nativeSha256Hex } from './native-hash.ts';

export type TaintedSession = { readonly agentId: string; readonly sessionKey: string };

export type Taints = {
  has(session: TaintedSession): boolean;
  /** Whether that is written as well. A mark that failed, or is under way, keeps a session from this gateway only. */
  isRecorded(session: TaintedSession): boolean;
  /** Resolves once every gateway can know it. Rejects when it may not be written: then the call stays back. */
  mark(session: TaintedSession, by: { readonly source: string; readonly callId: string }, row: InboxRow): Promise<void>;
  /** A notification named a session. */
  heard(payload: string): void;
  /** Notifications may have been missed: read all. */
  reload(): Promise<void>;
};

const LOAD_SQL = 'SELECT agent_id, session_key FROM session_taints';
const MARK_SQL = `WITH marked AS (
    INSERT INTO session_taints (agent_id, session_key, source, call_id) VALUES ($1::uuid, $2, $3, $4::uuid)
    ON CONFLICT (agent_id, session_key) DO NOTHING RETURNING agent_id
  ), logged AS (
    INSERT INTO audit_inbox (event, salt, payload) SELECT $5, NULL, NULL FROM marked
  ) SELECT pg_notify('cs_taint', $6) FROM marked`;

/**
 * Keeps the tainted sessions in memory, as hashes: a session id is the agent's own text and must not travel in a
 * notification that any database role may hear. Taint is never taken away; a new session starts clean.
 */
export async function createTaints(pool: pg.Pool, log: Log): Promise<Taints> {
  const recorded = new Set<string>();
  const feared = new Set<string>();

  async function load(): Promise<void> {
    const { rows } = await pool.query<{ agent_id: string; session_key: string }>(LOAD_SQL);
    for (const row of rows) recorded.add(keyOf({ agentId: row.agent_id, sessionKey: row.session_key }));
  }
  await load();

  return {
    has: (session) => {
      if (recorded.size === 0 && feared.size === 0) return false;
      const key = keyOf(session);
      return recorded.has(key) || feared.has(key);
    },
    isRecorded: (session) => recorded.has(keyOf(session)),
    mark: async (session, by, row) => {
      const key = keyOf(session);
      // Here at once: the next call of the session must not overtake the commit.
      feared.add(key);
      await pool.query(MARK_SQL, [session.agentId, session.sessionKey, by.source, by.callId, row.event, key]);
      recorded.add(key);
      feared.delete(key);
    },
    heard: (payload) => {
      if (/^[0-9a-f]{64}$/.test(payload)) recorded.add(payload);
    },
    reload: () => load().catch((error: unknown) => log.error({ err: error }, 'tainted sessions could not be read')),
  };
}

function keyOf(session: TaintedSession): string {
  return nativeSha256Hex(`${session.agentId}\n${session.sessionKey}`);
}
