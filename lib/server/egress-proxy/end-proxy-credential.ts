// Server-only. Ending what a stdio server's process goes out with.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { lockServer } from '../servers/find-server.ts';

/**
 * Ends the credential for the egress proxy that the server's process was started with; every gateway refuses it within a
 * second and cuts its open connections. The process is replaced with the next call and gets another one. Refuses servers
 * that are no program of this host: nobody was given such a credential for them.
 */
export function endProxyCredential(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  input: { readonly reason: string },
): Promise<Result<true, ConfigRefusal>> {
  return writeConfig<true, ConfigRefusal>(deps, actor, async ({ tx, keys, now }) => {
    const server = await lockServer(tx, idOrName);
    if (server === null) return refuse('not-found', 'There is no such server.');
    if (server.transport !== 'stdio') {
      return refuse('invalid-request', 'Only a stdio server has a process that goes out through the proxy.');
    }
    await tx.server.update({ where: { id: server.id }, data: { proxyEnds: { increment: 1 }, updatedAt: now } });
    await recordEvent(tx, keys, {
      type: 'server.proxy-credential-ended',
      actor: auditActor(actor),
      server: server.name,
      detail: { reason: input.reason },
    });
    await bumpConfig(tx, 'servers', server.id);
    return ok(true);
  });
}

/** The epoch that a credential must name now; for those who start a server's process without a snapshot. */
export async function proxyEpochOf(tx: Tx, serverId: string): Promise<number> {
  const rows = await tx.$queryRaw<{ epoch: bigint | null }[]>`SELECT proxy_epoch_of(${serverId}::uuid) AS epoch`;
  // A server that is gone has none: the epoch below every other names nothing that is let through.
  return Number(rows[0]?.epoch ?? -1n);
}
