// Server-only.
import type { Person } from '#lib/contracts/people.ts';
import type { Role } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';

type Row = {
  id: string;
  email: string;
  name: string;
  roles: Role[];
  groups: string[];
  status: 'active' | 'disabled' | 'invited';
  created_at: Date;
  last_sign_in_at: Date | null;
};

/** Everybody, with invitations that are still open as `invited`; one page, because a deployment is one organisation. */
export async function listPeople(tx: Tx): Promise<{ readonly items: readonly Person[]; readonly nextCursor: null }> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id::text, email, name, roles::text[] AS roles, groups, status::text AS status, created_at, last_sign_in_at
    FROM people
    UNION ALL
    SELECT id::text, email, '', roles::text[], groups, 'invited', created_at, NULL
    FROM one_time_links l
    WHERE kind = 'invite' AND used_at IS NULL AND expires_at > clock_timestamp() AND email IS NOT NULL
    ORDER BY email, created_at`;
  return { items: rows.map(toPerson), nextCursor: null };
}

/** One person as the console shows them; null when there is none with this id. */
export async function readPerson(tx: Tx, id: string): Promise<Person | null> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id::text, email, name, roles::text[] AS roles, groups, status::text AS status, created_at, last_sign_in_at
    FROM people WHERE id = ${id}::uuid`;
  return rows[0] === undefined ? null : toPerson(rows[0]);
}

function toPerson(row: Row): Person {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    roles: row.roles,
    groups: row.groups,
    status: row.status,
    createdAt: row.created_at.toISOString(),
    lastSignInAt: row.last_sign_in_at?.toISOString() ?? null,
  };
}
