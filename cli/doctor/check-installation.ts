import { verify } from 'node:crypto';
import { join } from 'node:path';
import { signatureToCheck } from '#lib/core/audit/checkpoint.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import { fileWitness } from '#lib/server/audit/head-witness.ts';
import { readCheckpoint, readLogHead } from '#lib/server/audit/read-head.ts';
import { migrationNames } from '#lib/server/db/migration-files.ts';
import { databaseNow } from '#lib/server/db/tx.ts';
import type { Host } from '../host.ts';
import { type Finding, finding } from './finding.ts';

const MOST_CLOCK_MS = 5_000;
const MOST_WAITING = 5_000;

/** What the database and the keys say about each other. */
export async function checkInstallation(host: Host): Promise<readonly Finding[]> {
  return [await checkMigrations(host), await checkClock(host), await checkLog(host), await checkInbox(host)];
}

async function checkMigrations({ prisma }: Host): Promise<Finding> {
  const rows = await prisma.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const applied = new Set(rows.map((row) => row.name));
  const known = migrationNames();
  const missing = known.filter((name) => !applied.has(name)).length;
  const newer = applied.size - (known.length - missing);
  const bad =
    newer > 0 ? 'A newer release has migrated the database.' : `${missing} migration(s) are missing: start once.`;
  return finding('migrations', missing === 0 && newer === 0, `All ${known.length} migrations are applied.`, bad);
}

async function checkClock({ prisma }: Host): Promise<Finding> {
  const before = Date.now();
  const theirs = (await databaseNow(prisma)).getTime();
  const off = Math.abs(theirs - (before + Date.now()) / 2);
  const text = `This host and the database are ${Math.round(off)} ms apart`;
  return finding('clock', off <= MOST_CLOCK_MS, `${text}.`, `${text}: the database decides, but set the clock.`);
}

/** Our key must have signed the newest head, and the database must hold at least what this host has seen. */
async function checkLog({ prisma, keys, dataDir }: Host): Promise<Finding> {
  const head = await readCheckpoint(prisma);
  if (head === null) {
    return { check: 'log', state: 'unknown', sentence: 'The log has no signed head yet: is the worker running?' };
  }
  const parts = signatureToCheck(head.note, keys.logSigning.vkey);
  const isSigned = parts.ok && verify(null, parts.value.message, keys.logSigning.publicKey, parts.value.signature);
  if (!isSigned) {
    return { check: 'log', state: 'bad', sentence: 'The newest head was not signed with the key of this directory.' };
  }
  const seen = fileWitness(join(dataDir, 'log-head.json')).read();
  const size = Number((await readLogHead(prisma)).size);
  const isShorter = seen !== null && (size < seen.size || (head.size === seen.size && head.root !== toHex(seen.root)));
  return finding(
    'log',
    !isShorter,
    `${head.size} entries under a good signature.`,
    `The database holds another log than this host has seen (${seen?.size ?? 0} entries): an old backup, or tampering.`,
  );
}

async function checkInbox({ prisma }: Host): Promise<Finding> {
  const { waiting } = await readLogHead(prisma);
  const bad = `${waiting} events wait for their number: is the worker running?`;
  return finding('inbox', waiting < MOST_WAITING, `${waiting} events wait for their number.`, bad);
}
