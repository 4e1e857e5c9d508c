import type { Database } from '#lib/server/db/prisma.ts';
import packageJson from '../../../package.json' with { type: 'json' };

/** One part of the software with its version. */
type Part = { readonly name: string; readonly version: string };

/** What runs here: our version, the database as it answers now, and the pinned versions of what we stand on. */
export async function readParts(prisma: Pick<Database, '$queryRaw'>): Promise<readonly Part[]> {
  const rows = await prisma.$queryRaw<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
  const { dependencies } = packageJson;
  return [
    { name: 'Countersign', version: packageJson.version },
    { name: 'PostgreSQL', version: rows[0]?.version ?? 'unknown' },
    { name: 'Node.js', version: process.versions.node },
    { name: 'Next.js', version: dependencies.next },
    { name: 'MCP SDK', version: dependencies['@modelcontextprotocol/sdk'] },
    { name: 'Socket.IO', version: dependencies['socket.io'] },
    { name: 'Prisma', version: dependencies.prisma },
  ];
}
