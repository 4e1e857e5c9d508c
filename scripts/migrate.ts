// `npm run db:migrate -- <name>`: writes the next migration from schema.prisma, on a throw-away database.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { diffAgainstSchema, migrate } from '#lib/server/db/migrate.ts';
import { MIGRATIONS_DIR } from '#lib/server/db/migration-files.ts';
import { startEmbedded } from '#lib/server/postgres/embedded.ts';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  process.stderr.write('Usage: npm run db:migrate -- <name>, in lower-case letters, digits and underscores.\n');
  process.exit(2);
}

const dataDir = mkdtempSync(join(tmpdir(), 'countersign-migrate-'));
const started = await startEmbedded({ dataDir, durability: 'throw-away' });
if (!started.ok) {
  process.stderr.write(`${started.error.sentence}\n`);
  process.exit(1);
}
const server = started.value;
try {
  const migrated = await migrate(server.url);
  if (!migrated.ok) {
    process.stderr.write(`${migrated.error.sentence}\n`);
    process.exitCode = 1;
  } else {
    const sql = await diffAgainstSchema(server.url);
    if (sql.trim() === '') {
      process.stdout.write('The migrations already add up to the schema: nothing written.\n');
    } else {
      const stamp = new Date().toISOString().replaceAll(/[-T:]|\..*/g, '');
      const folder = join(MIGRATIONS_DIR, `${stamp}_${name}`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'migration.sql'), sql);
      process.stdout.write(`Wrote ${relative('.', join(folder, 'migration.sql'))}: read it before you commit it.\n`);
    }
  }
} finally {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
