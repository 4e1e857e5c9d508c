// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { ConfigWrite } from '../db/config-write.ts';
import { changeIdentity } from '../servers/change-identity.ts';
import { lockServer } from '../servers/find-server.ts';

/** Gives every server of a command the identity that its new arguments make: its pins are void until a human accepts. */
export async function moveServers(write: ConfigWrite, command: string, configHash: string): Promise<void> {
  const { tx } = write;
  const using = await tx.server.findMany({ where: { commandName: command }, select: { id: true } });
  for (const { id } of using) {
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
