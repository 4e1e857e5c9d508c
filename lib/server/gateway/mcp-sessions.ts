// Server-only. Sessions of 2025-era clients with the gateway.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { RpcId } from './json-rpc.ts';
import { idKey } from './json-rpc.ts';
import { ALL_LOGS, type LogThreshold } from './log-level.ts';

/** Takes back a call of this session that has not been answered yet. */
export type CancelCall = () => void;

export type McpSession = {
  readonly id: string;
  readonly agentId: string;
  readonly target: string;
  readonly protocolVersion: string;
  /** By JSON-RPC id: what `notifications/cancelled` and DELETE act upon. */
  readonly calls: Map<string, CancelCall>;
  /** As set by logging/setLevel here; another gateway, or this one after a restart, lets everything pass. */
  logThreshold: LogThreshold;
};

export type McpSessions = {
  create(
    session: Omit<McpSession, 'id' | 'calls' | 'logThreshold'> & { readonly clientInfo: string | null },
  ): Promise<McpSession>;
  /** The session, if it is this agent's, for this path, and not closed. From memory, or from the table after a restart. */
  find(id: string, agentId: string, target: string): McpSession | null | Promise<McpSession | null>;
  /** Withdraws what is held and forgets the session. */
  end(session: McpSession): Promise<void>;
  size(): number;
};

const MOST_IN_MEMORY = 50_000;
const ID = /^[A-Za-z0-9_-]{22}$/;
const INSERT_SQL =
  'INSERT INTO mcp_sessions (id, agent_id, target, protocol_version, client_info) VALUES ($1, $2, $3, $4, $5)';
const FIND_SQL =
  'SELECT id, agent_id, target, protocol_version FROM mcp_sessions WHERE id = $1 AND agent_id = $2 AND closed_at IS NULL';
const CLOSE_SQL = 'UPDATE mcp_sessions SET closed_at = clock_timestamp() WHERE id = $1 AND closed_at IS NULL';

type Row = { id: string; agent_id: string; target: string; protocol_version: string };

/**
 * Keeps the sessions. The id is 128 random bits and routes only: whoever presents it must also be the agent it was given
 * to, on every request, so a stolen id is worth nothing (CVE-2026-52869). Stored, so that it survives the process.
 */
export function createMcpSessions(pool: pg.Pool): McpSessions {
  const known = new Map<string, McpSession>();
  /** Ended here: a reading that began before the row said so must not bring one back. */
  const ended = new Set<string>();

  function remember(session: McpSession): McpSession {
    if (known.size >= MOST_IN_MEMORY) {
      for (const [id, old] of known) {
        if (old.calls.size > 0) continue;
        known.delete(id);
        break;
      }
    }
    known.set(session.id, session);
    return session;
  }

  async function read(id: string, agentId: string, target: string): Promise<McpSession | null> {
    const { rows } = await pool.query<Row>(FIND_SQL, [id, agentId]);
    const row = rows[0];
    if (row === undefined || row.target !== target || ended.has(id)) return null;
    // Two requests may have asked at once; both must see one map of calls.
    return known.get(id) ?? remember(newSession({ id, agentId, target, protocolVersion: row.protocol_version }));
  }

  return {
    create: async ({ agentId, target, protocolVersion, clientInfo }) => {
      const id = randomBytes(16).toString('base64url');
      await pool.query(INSERT_SQL, [id, agentId, target, protocolVersion, clientInfo]);
      return remember(newSession({ id, agentId, target, protocolVersion }));
    },
    find: (id, agentId, target) => {
      const session = known.get(id);
      if (session !== undefined) return session.agentId === agentId && session.target === target ? session : null;
      return ID.test(id) && !ended.has(id) ? read(id, agentId, target) : null;
    },
    end: async (session) => {
      if (ended.size >= MOST_IN_MEMORY) ended.clear();
      ended.add(session.id);
      known.delete(session.id);
      for (const cancel of session.calls.values()) cancel();
      await pool.query(CLOSE_SQL, [session.id]);
    },
    size: () => known.size,
  };
}

function newSession(row: Omit<McpSession, 'calls' | 'logThreshold'>): McpSession {
  return { ...row, calls: new Map(), logThreshold: ALL_LOGS };
}

/** Whether a call with this id is open in the session. */
export function hasOpenCall(session: McpSession, id: RpcId): boolean {
  return session.calls.has(idKey(id));
}
