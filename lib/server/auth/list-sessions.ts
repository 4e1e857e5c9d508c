// Server-only.
import type { Session } from '#lib/contracts/sessions.ts';
import type { Tx } from '../db/tx.ts';

type Row = {
  id: string;
  kind: string;
  method: Session['method'];
  client: string | null;
  address: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
};

/** The live sessions of a person, the newest first. `current` is the session that asks; it may be somebody else's. */
export async function listSessions(
  tx: Tx,
  personId: string,
  current: string | null,
): Promise<{ readonly items: readonly Session[]; readonly nextCursor: null }> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id::text, kind, method, user_agent AS client, address, created_at, last_seen_at, expires_at
    FROM person_sessions
    WHERE person_id = ${personId}::uuid AND revoked_at IS NULL AND expires_at > clock_timestamp() + interval '5 seconds'
    ORDER BY created_at DESC, id DESC`;
  const items = rows.map((row) => ({
    id: row.id,
    kind: row.kind === 'cli' ? ('cli' as const) : ('browser' as const),
    method: row.method,
    client: row.client,
    address: row.address,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    current: row.id === current,
  }));
  return { items, nextCursor: null };
}
