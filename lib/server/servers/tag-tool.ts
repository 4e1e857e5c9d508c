import type { ToolPatch } from '#lib/contracts/servers.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ActionClass, isActionClass, stricterTier, type Tier } from '#lib/core/risk/types.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { acceptToolsIn } from './accept-tools.ts';
import { lockServer } from './find-server.ts';
import { recordTagChange } from './record-tag-change.ts';

/** A tag with the reason that an admin gave for it. */
export type Tag = {
  readonly tier?: Tier | undefined;
  readonly class?: ActionClass | undefined;
  readonly reason: string;
};

/** Accepts one shown definition, tags a tool with a reason, or both, in one transaction. */
export function changeTool(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  toolName: string,
  patch: ToolPatch,
): Promise<Result<{ changed: boolean }, ConfigRefusal>> {
  return writeConfig(deps, actor, async (write) => {
    let changed = false;
    if (patch.acceptPin !== undefined) {
      const accepted = await acceptToolsIn(write, idOrName, [{ name: toolName, digest: patch.acceptPin }]);
      if (!accepted.ok) return accepted;
      changed = accepted.value.accepted > 0;
    }
    if (patch.tier === undefined && patch.class === undefined) return ok({ changed });
    if (patch.reason === undefined) return refuse('invalid-request', 'A tag change needs a reason.');
    const { tier, class: actionClass, reason } = patch;
    const tagged = await tagToolIn(write, idOrName, toolName, { tier, class: actionClass, reason });
    return tagged.ok ? ok({ changed: changed || tagged.value.changed }) : tagged;
  });
}

/**
 * Tags a tool inside a larger transaction: only here can a tier become milder than what was suggested, and the log says
 * who did it, why, and what it was before. A tag that is the same already writes nothing.
 */
export async function tagToolIn(
  write: ConfigWrite,
  idOrName: string,
  toolName: string,
  tag: Tag,
): Promise<Result<{ changed: boolean }, ConfigRefusal>> {
  const { tx, keys, actor, now } = write;
  const server = await lockServer(tx, idOrName);
  if (server === null) return refuse('not-found', 'There is no such server.');
  const tool = await tx.tool.findUnique({ where: { serverId_name: { serverId: server.id, name: toolName } } });
  if (tool === null) return refuse('not-found', 'The server has no such tool.');
  const tier = tag.tier ?? tool.tier;
  const actionClass = tag.class ?? tool.actionClass;
  const isSame = tier === tool.tier && actionClass === tool.actionClass && tool.taggedAt !== null;
  if (isSame) return ok({ changed: false });
  await tx.tool.update({
    where: { id: tool.id },
    data: { tier, actionClass, taggedBy: personIdOf(actor), taggedAt: now, tagReason: tag.reason },
  });
  const untagged = tool.taggedAt === null;
  await recordTagChange(tx, {
    toolId: tool.id,
    by: personIdOf(actor),
    before: { tier: untagged ? stricterTier(server.tier, tool.tier) : tool.tier, actionClass: tool.actionClass },
    after: { tier, actionClass },
  });
  await recordEvent(tx, keys, {
    type: 'tool.tagged',
    actor: auditActor(actor),
    server: server.name,
    tool: tool.name,
    tier,
    actionClass: isActionClass(actionClass) ? actionClass : 'other',
    detail: {
      tierBefore: tool.tier,
      classBefore: tool.actionClass,
      suggestedTier: tool.suggestedTier,
      reason: tag.reason,
    },
  });
  await bumpConfig(tx, 'servers', server.id);
  return ok({ changed: true });
}
