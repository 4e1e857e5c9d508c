// Server-only.
import type { Person } from '#lib/contracts/people.ts';
import type { ConfigActor, Role } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

type Row = {
  id: string;
  email: string;
  name: string;
  roles: Role[];
  groups: string[];
  status: 'active' | 'disabled' | 'invited';
  created_at: Date;
  last_sign_in_at: Date | null;
  is_bound: boolean;
  sso_bound_at: Date | null;
  sso_roles: Role[];
  sso_groups: string[];
  has_password: boolean;
  sessions: number;
  ties: Person['countsWith'];
};

/** With whom an account counts as one human, as JSON; `p` is its row. */
const TIES = Prisma.sql`coalesce((
  SELECT jsonb_agg(jsonb_build_object('email', m.email, 'name', m.name, 'why', t.why,
    'until', to_char(t.ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY t.ends_at DESC, m.email)
  FROM person_ties t JOIN people m ON m.id = t.tied_to
  WHERE t.person_id = p.id AND t.confirmed_at IS NULL AND t.ends_at > clock_timestamp()), '[]'::jsonb)`;

type People = { readonly items: readonly Person[]; readonly nextCursor: null };

/**
 * Everybody, with invitations that are still open as `invited`; one page, because a deployment is one organisation.
 * How somebody comes in and where they are signed in is for admin and security: to others it says whom to attack.
 */
export async function listPeople(tx: Tx, reader: ConfigActor): Promise<People> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id::text, email, name, roles::text[] AS roles, groups, status::text AS status, created_at, last_sign_in_at,
      subject IS NOT NULL AS is_bound, sso_bound_at, sso_roles::text[] AS sso_roles, sso_groups,
      password_hash IS NOT NULL AS has_password,
      (SELECT count(*)::int FROM person_sessions s WHERE s.person_id = p.id AND s.revoked_at IS NULL
        AND s.expires_at > clock_timestamp() + interval '5 seconds') AS sessions,
      ${TIES} AS ties
    FROM people p
    UNION ALL
    SELECT id::text, email, '', roles::text[], groups, 'invited', created_at, NULL, false, NULL, '{}', '{}', false, 0,
      '[]'::jsonb
    FROM one_time_links l
    WHERE kind = 'invite' AND used_at IS NULL AND expires_at > clock_timestamp() AND email IS NOT NULL
    ORDER BY email, created_at`;
  const items = rows.map(toPerson);
  return { items: seesAccounts(reader) ? items : items.map(withoutAccount), nextCursor: null };
}

function seesAccounts(reader: ConfigActor): boolean {
  return reader.kind === 'operator' || reader.roles.includes('admin') || reader.roles.includes('security');
}

function withoutAccount(person: Person): Person {
  return { ...person, sso: null, hasPassword: null, sessions: null };
}

/** One person as the console shows them; null when there is none with this id. */
export async function readPerson(tx: Tx, id: string): Promise<Person | null> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id::text, email, name, roles::text[] AS roles, groups, status::text AS status, created_at, last_sign_in_at,
      subject IS NOT NULL AS is_bound, sso_bound_at, sso_roles::text[] AS sso_roles, sso_groups,
      password_hash IS NOT NULL AS has_password,
      (SELECT count(*)::int FROM person_sessions s WHERE s.person_id = p.id AND s.revoked_at IS NULL
        AND s.expires_at > clock_timestamp() + interval '5 seconds') AS sessions,
      ${TIES} AS ties
    FROM people p WHERE id = ${id}::uuid`;
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
    sso: row.is_bound
      ? { boundAt: row.sso_bound_at?.toISOString() ?? null, roles: row.sso_roles, groups: row.sso_groups }
      : null,
    hasPassword: row.has_password,
    sessions: row.sessions,
    countsWith: row.ties,
  };
}
