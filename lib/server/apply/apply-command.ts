// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { changeIdentity } from '../servers/change-identity.ts';
import { lockServer } from '../servers/find-server.ts';
import type { ApplyRun } from './apply-run.ts';

/**
 * Defines a stdio command under its server's name. This file on the host is the only place commands come from; the
 * console picks them by name. Another command is another server: every server that uses it loses its pins.
 */
export async function applyCommand(run: ApplyRun, name: string, argv: readonly string[]): Promise<void> {
  const { write } = run;
  const { tx } = write;
  const present = await tx.stdioCommand.findUnique({ where: { name } });
  if (present !== null && sameList(present.argv, argv)) return;
  await tx.stdioCommand.upsert({
    where: { name },
    create: { name, argv: [...argv], definedAt: write.now },
    update: { argv: [...argv], definedAt: write.now },
  });
  run.changes.push({ kind: present === null ? 'add' : 'change', what: 'command', name, fields: ['command'] });
  if (present === null) return;
  const configHash = serverConfigHash({ transport: 'stdio', command: argv });
  for (const { id } of await tx.server.findMany({ where: { commandName: name }, select: { id: true } })) {
    const server = await lockServer(tx, id);
    if (server === null) continue;
    await changeIdentity(write, server, { configHash });
    await recordEvent(tx, write.keys, {
      type: 'server.changed',
      actor: auditActor(write.actor),
      server: server.name,
      detail: { change: 'command', configHashBefore: server.configHash, configHash },
    });
    await bumpConfig(tx, 'servers', server.id);
  }
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index]);
}
