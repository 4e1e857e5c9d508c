// Server-only.
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { moveServers } from '../commands/move-servers.ts';
import type { ApplyRun } from './apply-run.ts';

/**
 * Defines a stdio command under its server's name. Commands come from this file on the host, or from
 * two people (`lib/server/commands`); the console picks them by name. Another command is another server: every server that uses it loses its pins.
 */
export async function applyCommand(
  run: ApplyRun,
  name: string,
  argv: readonly string[],
  writable: readonly string[],
): Promise<void> {
  const { write } = run;
  const { tx } = write;
  const present = await tx.stdioCommand.findUnique({ where: { name } });
  if (present !== null && sameList(present.argv, argv) && sameList(present.writable, writable)) return;
  await tx.stdioCommand.upsert({
    where: { name },
    create: { name, argv: [...argv], writable: [...writable], definedAt: write.now },
    update: { argv: [...argv], writable: [...writable], source: 'host', definedAt: write.now },
  });
  run.changes.push({ kind: present === null ? 'add' : 'change', what: 'command', name, fields: ['command'] });
  if (present === null) return;
  await moveServers(write, name, serverConfigHash({ transport: 'stdio', command: argv, writable }));
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
