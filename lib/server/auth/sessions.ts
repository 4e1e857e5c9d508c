// Server-only. The rows behind every signed-in browser and CLI: revoking a row ends the session at once.
import { createHash, randomUUIDv7 } from 'node:crypto';
import type { HumanPrincipal, Role } from '#lib/core/identity/principals.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';

/** A live session: who it is, and until when. */
export type LiveSession = { readonly principal: HumanPrincipal; readonly expiresAt: Date };

/** A working day; a stolen cookie dies with it. */
const SESSION_TTL_S = 12 * 3600;

type SessionRow = {
  session_id: string;
  person_id: string;
  name: string;
  email: string;
  roles: Role[];
  reauth_at: Date;
  expires_at: Date;
};

/**
 * Opens a new session for a person who has just proven who they are. Always a new id: a planted one is never adopted.
 * Whoever came by passkey or through the provider has not proven the password, and is asked again where it is needed.
 */
export async function openSession(
  tx: Tx,
  input: {
    readonly personId: string;
    readonly userAgent: string | null;
    readonly address?: string;
    readonly by: 'password' | 'passkey' | 'sso';
  },
): Promise<{ readonly id: string; readonly expiresAt: Date }> {
  const id = randomUUIDv7();
  const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO person_sessions (id, person_id, kind, method, address, user_agent, created_at, reauth_at, last_seen_at,
      expires_at, sign_in_id)
    SELECT ${id}::uuid, ${input.personId}::uuid, 'browser', ${input.by}, ${input.address ?? null},
           ${input.userAgent?.slice(0, 300) ?? null}, t.now,
           CASE WHEN ${input.by} = 'password' THEN t.now ELSE to_timestamp(0) END, t.now,
           t.now + make_interval(secs => ${SESSION_TTL_S}), ${id}::uuid
    FROM (SELECT clock_timestamp() AS now) t
    RETURNING expires_at`;
  const row = rows[0];
  if (row === undefined) throw new Error('The session row was not written.');
  return { id, expiresAt: row.expires_at };
}

/** The session of an id from a decrypted cookie, as its row says now; null when revoked, expired or the person disabled. */
export async function readSession(tx: Tx, sessionId: string): Promise<LiveSession | null> {
  const rows = await tx.$queryRaw<SessionRow[]>`
    SELECT s.id::text AS session_id, p.id::text AS person_id, p.name, p.email, p.roles::text[] AS roles, s.reauth_at,
           s.expires_at
    FROM person_sessions s JOIN people p ON p.id = s.person_id
    WHERE s.id = ${sessionId}::uuid AND s.kind = 'browser' AND s.revoked_at IS NULL
      AND s.expires_at > clock_timestamp() AND p.status = 'active'`;
  return toLiveSession(rows[0]);
}

/** The session of a CLI token (`Authorization: Bearer`), looked up by its hash. */
export async function readTokenSession(tx: Tx, token: string): Promise<LiveSession | null> {
  const tokenHash = createHash('sha256').update(token).digest('hex');
  const rows = await tx.$queryRaw<SessionRow[]>`
    SELECT s.id::text AS session_id, p.id::text AS person_id, p.name, p.email, p.roles::text[] AS roles, s.reauth_at,
           s.expires_at
    FROM person_sessions s JOIN people p ON p.id = s.person_id
    WHERE s.token_hash = ${tokenHash} AND s.kind = 'cli' AND s.revoked_at IS NULL
      AND s.expires_at > clock_timestamp() AND p.status = 'active'`;
  return toLiveSession(rows[0]);
}

/** Notes that a session was used, at most once a minute. */
export async function touchSession(tx: Tx, sessionId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE person_sessions SET last_seen_at = clock_timestamp()
    WHERE id = ${sessionId}::uuid AND last_seen_at < clock_timestamp() - interval '1 minute'`;
}

/**
 * Ends one session; true when it was live. With a browser ends its whole sign-in: the ids it went by before, and the
 * command lines it confirmed. Open sockets of it are dropped by the hint.
 */
export async function revokeSession(tx: Tx, sessionId: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE person_sessions SET revoked_at = clock_timestamp() WHERE id = ${sessionId}::uuid AND revoked_at IS NULL`;
  await revokeSignIn(tx, sessionId);
  await notify(tx, 'cs_session', { sessionId });
  return count > 0;
}

/** What else goes on from the sign-in of a browser: a command line that it confirmed must not outlive it. */
export async function revokeSignIn(tx: Tx, browserSessionId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE person_sessions s SET revoked_at = clock_timestamp() FROM person_sessions b
    WHERE b.id = ${browserSessionId}::uuid AND b.kind = 'browser' AND s.sign_in_id = b.sign_in_id
      AND s.person_id = b.person_id AND s.revoked_at IS NULL`;
}

/** Ends every session of a person. */
export async function revokeSessionsOf(tx: Tx, personId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE person_sessions SET revoked_at = clock_timestamp()
    WHERE person_id = ${personId}::uuid AND revoked_at IS NULL`;
  await notify(tx, 'cs_session', { personId });
}

function toLiveSession(row: SessionRow | undefined): LiveSession | null {
  if (row === undefined) return null;
  const principal: HumanPrincipal = {
    kind: 'human',
    id: row.person_id,
    name: row.name,
    email: row.email,
    roles: row.roles,
    sessionId: row.session_id,
    reauthAt: row.reauth_at,
  };
  return { principal, expiresAt: row.expires_at };
}

/** The roles behind each live session of a set, sorted and joined; a session that is over is absent. */
export async function rolesOfSessions(tx: Tx, sessionIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.$queryRaw<{ id: string; roles: string[] }[]>`
    SELECT s.id::text, p.roles::text[] AS roles FROM person_sessions s JOIN people p ON p.id = s.person_id
    WHERE s.id = ANY(${[...sessionIds]}::uuid[]) AND s.revoked_at IS NULL AND s.expires_at > clock_timestamp()
      AND p.status = 'active'`;
  return new Map(rows.map((row) => [row.id, [...row.roles].sort().join(' ')]));
}
