import type { Tx } from '../db/tx.ts';

/** The stdio commands that the host's configuration defined; the console can pick one, never write one. */
export async function listCommands(tx: Tx): Promise<{ items: { name: string; argv: string[] }[] }> {
  const rows = await tx.stdioCommand.findMany({ orderBy: { name: 'asc' } });
  return { items: rows.map((row) => ({ name: row.name, argv: row.argv })) };
}
