import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigRefusal, type ConfigWrite, refuse } from '../db/config-write.ts';
import { changeIdentity } from './change-identity.ts';
import { lockServer } from './find-server.ts';

/** A write at the host itself: the only kind that may say what is executed. */
export type HostWrite = ConfigWrite & { readonly actor: OperatorPrincipal };

/**
 * Defines the argument vector that a name stands for, inside a larger transaction; answers whether anything changed.
 *
 * Takes the operator at the host and nobody else: a command written in a browser would be remote code execution by
 * design. A server that runs the name is another server from then on, so its pins are void and open requests end.
 */
export async function defineCommandIn(
  write: HostWrite,
  name: string,
  argv: readonly string[],
): Promise<Result<{ changed: boolean }, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  if ((argv[0] ?? '') === '') return refuse('invalid-request', `The command ${name} names no program.`);
  const before = await tx.stdioCommand.findUnique({ where: { name } });
  if (before !== null && JSON.stringify(before.argv) === JSON.stringify(argv)) return ok({ changed: false });
  await tx.stdioCommand.upsert({
    where: { name },
    create: { name, argv: [...argv] },
    update: { argv: [...argv], definedAt: now },
  });
  const configHash = serverConfigHash({ transport: 'stdio', command: argv });
  const users = await tx.server.findMany({ where: { commandName: name }, orderBy: { name: 'asc' } });
  for (const { id } of users) {
    const server = await lockServer(tx, id);
    if (server === null || server.configHash === configHash) continue;
    await changeIdentity(write, server, { configHash });
    await recordEvent(tx, keys, {
      type: 'server.changed',
      actor: auditActor(actor),
      server: server.name,
      detail: { command: name, configHashBefore: server.configHash, configHash },
    });
    await bumpConfig(tx, 'servers', server.id);
  }
  return ok({ changed: true });
}
