import type { Database } from '#lib/server/db/prisma.ts';

/**
 * What counts attempts, says which processes live, or is what a stranger must be handed in order to sign in at all (a
 * challenge for a passkey, an attempt at the provider): it may change while nobody who is known does anything.
 */
const COUNTERS = ['attempt_windows', 'process_instances', 'sso_attempts', 'webauthn_challenges', 'egress_attempts'];
/** Read by `auditTypes` instead: a refusal is told there. */
const TOLD = 'audit_inbox';

/** The number of rows and a hash of all of them, table by table. */
export async function tableHashes(prisma: Database): Promise<Readonly<Record<string, string>>> {
  const tables = await prisma.$queryRaw<{ schema: string; name: string }[]>`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1, 2`;
  const hashes: Record<string, string> = {};
  for (const { schema, name } of tables) {
    if (COUNTERS.includes(name) || name === TOLD) continue;
    const quoted = `"${schema}"."${name}"`;
    const [row] = await prisma.$queryRawUnsafe<{ rows: number; hash: string | null }[]>(
      `SELECT count(*)::int AS rows, md5(string_agg(h, '' ORDER BY h)) AS hash FROM (SELECT md5(t::text) AS h FROM ${quoted} t) s`,
    );
    hashes[`${schema}.${name}`] = `${row?.rows ?? 0} rows, ${row?.hash ?? 'none'}`;
  }
  return hashes;
}

/** The types of all events that wait for the log, oldest first. */
export async function auditTypes(prisma: Database): Promise<readonly string[]> {
  const rows = await prisma.$queryRaw<{ type: string }[]>`
    SELECT event::jsonb ->> 'type' AS type FROM audit_inbox ORDER BY id`;
  return rows.map(({ type }) => type);
}
