// Server-only.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { lockServer } from '../servers/find-server.ts';

/**
 * Accepts another content of a server's package, exactly the one that was on the screen. Until then every start is
 * refused. Refuses content that cannot be told any more: there is nothing that a human could have looked at.
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
    if (found.integrity !== integrity) return refuse('stale-digest');
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
