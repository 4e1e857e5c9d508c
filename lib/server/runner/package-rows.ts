// Server-only. Which package a server's command installed, and whether it is still the one that was accepted.
import type { Database } from '../db/prisma.ts';
import type { InstalledPackage } from './installed-package.ts';

type Asked = { readonly server: string; readonly configHash: string };

export type PackageNote = {
  readonly asked: Asked;
  readonly wish: { readonly name: string; readonly version: string };
  /** Null: it cannot be told. */
  readonly found: InstalledPackage | null;
  readonly mayBeUnknown: boolean;
};

/** In place of an accepted integrity: an admin lets the package run though its content cannot be told. */
export const UNKNOWN_ACCEPTED = 'unknown';
/** In place of a seen integrity: it could not be told. Never equal to what is accepted. */
const UNTOLD = '';

/**
 * Whether the package that was last seen is the accepted one; true where none was ever seen, since only a start shows one.
 * Content that cannot be told is accepted only by `UNKNOWN_ACCEPTED`, and that only with `mayBeUnknown`.
 */
export async function isPackageAccepted(prisma: Database, asked: Asked, mayBeUnknown: boolean): Promise<boolean> {
  const rows = await prisma.$queryRaw<{ seen: string; accepted: string }[]>`
    SELECT integrity AS seen, accepted_integrity AS accepted FROM server_packages
    WHERE server_name = ${asked.server} AND config_hash = ${asked.configHash}`;
  const [row] = rows;
  if (row === undefined) return true;
  return row.seen === UNTOLD ? mayBeUnknown && row.accepted === UNKNOWN_ACCEPTED : row.seen === row.accepted;
}

/**
 * Writes down what is installed now. The first sight is part of the identity whose tools a human accepts; any other
 * content under the same version is drift and answers false, as does content that cannot be told, at the first sight too.
 */
export async function notePackage(prisma: Database, note: PackageNote): Promise<boolean> {
  const { asked, wish, found, mayBeUnknown } = note;
  const { name, version } = found ?? wish;
  const integrity = found?.integrity ?? UNTOLD;
  await prisma.$executeRaw`
    INSERT INTO server_packages (server_name, config_hash, name, version, integrity, accepted_integrity, seen_at)
    VALUES (${asked.server}, ${asked.configHash}, ${name}, ${version}, ${integrity}, ${integrity}, clock_timestamp())
    ON CONFLICT (server_name, config_hash)
    DO UPDATE SET integrity = excluded.integrity, seen_at = excluded.seen_at`;
  return isPackageAccepted(prisma, asked, mayBeUnknown);
}
