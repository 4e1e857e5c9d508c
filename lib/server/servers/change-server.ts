import type { ServerPatch } from '#lib/contracts/servers.ts';
import type { AuditEventType } from '#lib/core/audit/event-types.ts';
import { urlWithoutQuery } from '#lib/core/egress/url-without-query.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { endOpenRequests } from '../approvals/end-open-requests.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import {
  type ConfigDeps,
  type ConfigRefusal,
  type ConfigWrite,
  mayConfigure,
  refuse,
  writeConfig,
} from '../db/config-write.ts';
import type { Server } from '../generated/prisma/client.ts';
import { changeIdentity } from './change-identity.ts';
import { findServer, lockServer } from './find-server.ts';
import { checkReach, confirmReach } from './server-reach.ts';
import { suggestAgain } from './suggest-again.ts';

/**
 * Changes a server's tier, description, address or whether it is on. Another address voids every pin and ends open
 * requests; switching off ends them too. Refuses an address that the allowlist does not cover (`egress-entry-needed`).
 */
export async function changeServer(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  patch: ServerPatch,
): Promise<Result<{ id: string; changed: boolean }, ConfigRefusal>> {
  if (mayConfigure(actor) && patch.url !== undefined) {
    const server = await findServer(deps.prisma, idOrName);
    if (server === null) return refuse('not-found', 'There is no such server.');
    const reach = await checkReach(deps.prisma, { name: server.name, url: patch.url, egress: patch.egress });
    if (!reach.ok) return err(reach.error);
  }
  return writeConfig(deps, actor, (write) => changeServerIn(write, idOrName, patch));
}

/** The same inside a larger transaction. A patch that changes nothing writes nothing. */
export async function changeServerIn(
  write: ConfigWrite,
  idOrName: string,
  patch: ServerPatch,
): Promise<Result<{ id: string; changed: boolean }, ConfigRefusal>> {
  const { tx, now } = write;
  const server = await lockServer(tx, idOrName);
  if (server === null) return refuse('not-found', 'There is no such server.');
  const detail: Record<string, string | number | boolean | null> = {};
  if (patch.url !== undefined && patch.url !== server.url) {
    const moved = await moveTo(write, server, patch.url, patch.egress);
    if (!moved.ok) return moved;
    detail.urlBefore = urlWithoutQuery(server.url);
    detail.url = urlWithoutQuery(patch.url);
  }
  const described = patch.description !== undefined && patch.description !== server.description;
  if (described) detail.description = patch.description ?? null;
  const tier = patch.tier ?? server.tier;
  if (tier !== server.tier) {
    detail.tierBefore = server.tier;
    detail.tier = tier;
  }
  if (Object.keys(detail).length > 0) {
    await tx.server.update({
      where: { id: server.id },
      data: { tier, description: patch.description ?? server.description, updatedAt: now },
    });
    if (tier !== server.tier) {
      await suggestAgain(tx, { ...server, tier }, { tier: server.tier, by: personIdOf(write.actor) });
    }
    await tell(write, server, 'server.changed', { ...detail, reason: patch.reason });
  }
  const switched = patch.status !== undefined && patch.status !== server.status;
  if (switched) await switchTo(write, server, patch.status ?? server.status, patch.reason);
  const changed = switched || Object.keys(detail).length > 0;
  if (changed) await bumpConfig(tx, 'servers', server.id);
  return ok({ id: server.id, changed });
}

async function moveTo(
  write: ConfigWrite,
  server: Server,
  url: string,
  egress: ServerPatch['egress'],
): Promise<Result<true, ConfigRefusal>> {
  if (server.transport !== 'http') return refuse('invalid-request', 'Only an http server has an address.');
  const reached = await confirmReach(write, { url, egress });
  if (!reached.ok) return reached;
  await changeIdentity(write, server, { url, configHash: serverConfigHash({ transport: 'http', url }) });
  return ok(true);
}

async function switchTo(
  write: ConfigWrite,
  server: Server,
  status: 'active' | 'disabled',
  reason: string,
): Promise<void> {
  const { tx, keys, actor, now } = write;
  await tx.server.update({ where: { id: server.id }, data: { status, updatedAt: now } });
  if (status === 'disabled') {
    await endOpenRequests(tx, keys, actor, { kind: 'server-changed', serverId: server.id });
  }
  await tell(write, server, status === 'disabled' ? 'server.disabled' : 'server.enabled', { reason });
}

function tell(
  write: ConfigWrite,
  server: Server,
  type: AuditEventType,
  detail: Record<string, string | number | boolean | null>,
): Promise<string> {
  return recordEvent(write.tx, write.keys, { type, actor: auditActor(write.actor), server: server.name, detail });
}
