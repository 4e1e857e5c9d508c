// Server-only. Which package a server's command installed, and whether it is still the one that was accepted.
import type { Database } from '../db/prisma.ts';
import type { InstalledPackage } from './pinned-package.ts';

type Asked = { readonly server: string; readonly configHash: string };

/** Whether the package that was last seen is the accepted one; true where none was ever seen. */
export async function isPackageAccepted(prisma: Database, asked: Asked): Promise<boolean> {
  const rows = await prisma.$queryRaw<{ same: boolean }[]>`
    SELECT integrity IS NOT DISTINCT FROM accepted_integrity AS same FROM server_packages
    WHERE server_name = ${asked.server} AND config_hash = ${asked.configHash}`;
  return rows[0]?.same ?? true;
}

/**
 * Writes down what is installed now. The first sight is part of the identity whose tools a human accepts; any other
 * content under the same version, or content that cannot be told any more, is drift and answers false.
 */
export async function notePackage(prisma: Database, asked: Asked, found: InstalledPackage | null): Promise<boolean> {
  if (found === null) {
    // A package that removes its own lock file must not look like one that never had any.
    const gone = await prisma.$executeRaw`
      UPDATE server_packages SET integrity = '', seen_at = clock_timestamp()
      WHERE server_name = ${asked.server} AND config_hash = ${asked.configHash}`;
    return gone === 0;
  }
  await prisma.$executeRaw`
    INSERT INTO server_packages (server_name, config_hash, name, version, integrity, accepted_integrity, seen_at)
    VALUES (${asked.server}, ${asked.configHash}, ${found.name}, ${found.version}, ${found.integrity},
      ${found.integrity}, clock_timestamp())
    ON CONFLICT (server_name, config_hash)
    DO UPDATE SET integrity = excluded.integrity, seen_at = excluded.seen_at`;
  return isPackageAccepted(prisma, asked);
}
