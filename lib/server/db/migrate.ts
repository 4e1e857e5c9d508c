// Server-only. Brings a database to this release's schema.
import pg from 'pg';
import { err, ok, type Result } from '../../core/result.ts';
import { migrationList, migrationNames, readSchema } from './migration-files.ts';
import { withSchemaEngine } from './schema-engine.ts';

export type MigrateProblem =
  | { readonly code: 'schema-newer'; readonly sentence: string }
  | { readonly code: 'migration-failed'; readonly sentence: string };

/** Any number, the same in every release: replicas that start together migrate one after the other. */
const MIGRATION_LOCK = 7_236_019_254;
const NO_FILTER = { externalTables: [], externalEnums: [] };

/**
 * Applies the migrations that the database lacks and returns their names.
 * Assumes a reachable PostgreSQL; keeps the standard `_prisma_migrations` rows, so `prisma migrate deploy` agrees.
 * Refuses a database that a newer release has migrated: this release would write what that one no longer expects.
 */
export async function migrate(url: string): Promise<Result<readonly string[], MigrateProblem>> {
  const client = new pg.Client({ connectionString: url, application_name: 'countersign-migrate' });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await appliedMigrations(client);
    const known = migrationNames();
    const strangers = applied.finished.filter((name) => !known.includes(name));
    if (strangers.length > 0) {
      const sentence = `The database was migrated by a newer release (${strangers.join(', ')}): start that release, or restore a backup.`;
      return err({ code: 'schema-newer', sentence });
    }
    if (applied.failed.length > 0) {
      const sentence = `The migration ${applied.failed.join(', ')} failed halfway on this database: restore a backup, then start again.`;
      return err({ code: 'migration-failed', sentence });
    }
    if (known.every((name) => applied.finished.includes(name))) {
      return ok([]);
    }
    return await apply(url);
  } finally {
    await client.end();
  }
}

async function apply(url: string): Promise<Result<readonly string[], MigrateProblem>> {
  try {
    const output = await withSchemaEngine(url, readSchema(), (engine) =>
      engine.applyMigrations({ migrationsList: migrationList(), filters: NO_FILTER }),
    );
    return ok(output.appliedMigrationNames);
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().replaceAll(/\s+/g, ' ') : String(error);
    return err({ code: 'migration-failed', sentence: `The database could not be migrated: ${said}` });
  }
}

async function appliedMigrations(client: pg.Client): Promise<{ finished: string[]; failed: string[] }> {
  const table = await client.query<{ present: boolean }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present",
  );
  if (table.rows[0]?.present !== true) {
    return { finished: [], failed: [] };
  }
  const rows = await client.query<{ migration_name: string; finished: boolean }>(
    'SELECT migration_name, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  return {
    finished: rows.rows.flatMap((row) => (row.finished ? [row.migration_name] : [])),
    failed: rows.rows.flatMap((row) => (row.finished ? [] : [row.migration_name])),
  };
}

/**
 * The SQL that leads from what the migrations add up to, to the schema file; empty when they agree.
 * Assumes that the database given has exactly the migrations applied.
 */
export async function diffAgainstSchema(url: string): Promise<string> {
  const schema = { files: [{ path: 'schema.prisma', content: readSchema() }] };
  const output = await withSchemaEngine(url, readSchema(), (engine) =>
    engine.diff({
      from: { tag: 'schemaDatasource', ...schema, configDir: '' },
      to: { tag: 'schemaDatamodel', ...schema },
      script: true,
      exitCode: true,
      filters: NO_FILTER,
    }),
  );
  return output.exitCode === 0 ? '' : (output.stdout ?? '');
}
