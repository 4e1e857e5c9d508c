// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { UNKNOWN_ACCEPTED } from '../runner/package-rows.ts';
import { lockServer } from '../servers/find-server.ts';

/**
 * Accepts another content of a server's package, exactly the one that was on the screen. Until then every start is
 * refused. Content that cannot be told is accepted only by that very word, `unknown`, and only for a command of the host's
 * own; the runner still refuses it where a sandbox is required.
 */
export function acceptPackage(
  deps: ConfigDeps,
  actor: ConfigActor,
  name: string,
  integrity: string,
): Promise<Result<true, ConfigRefusal>> {
  return writeConfig(deps, actor, async ({ tx, keys }) => {
    const server = await lockServer(tx, name);
    if (server === null) return refuse('not-found', 'There is no such server.');
    const key = { serverName: server.name, configHash: server.configHash };
    const found = await tx.serverPackage.findUnique({ where: { serverName_configHash: key } });
    if (found === null) return refuse('not-found', 'No package of this server was seen yet.');
    if (found.integrity === '') {
      if (integrity !== UNKNOWN_ACCEPTED) {
        return refuse('conflict', 'What is installed cannot be told; accept "unknown" if it shall run all the same.');
      }
      if (server.commandName === null || !(await isHostsOwn(tx, server.commandName))) {
        return refuse(
          'conflict',
          'Only a command that the host itself defines may run a package that nobody can tell.',
        );
      }
    } else if (found.integrity !== integrity) return refuse('stale-digest');
    await tx.serverPackage.update({ where: { serverName_configHash: key }, data: { acceptedIntegrity: integrity } });
    await recordEvent(tx, keys, {
      type: 'server.package-accepted',
      actor: auditActor(actor),
      server: server.name,
      detail: { package: `${found.name}@${found.version}`, before: found.acceptedIntegrity, integrity },
    });
    return ok(true);
  });
}

async function isHostsOwn(tx: Tx, name: string): Promise<boolean> {
  return (await tx.stdioCommand.findUnique({ where: { name } }))?.source === 'host';
}
