import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { isActionClass, stricterTier, type Tier } from '#lib/core/risk/types.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import type { Server, Tool } from '../generated/prisma/client.ts';
import { lockServer } from './find-server.ts';
import { recordTagChange } from './record-tag-change.ts';
import { storedDefinition } from './stored-definition.ts';

/** A definition as it was shown: the tool and the digest on the screen. */
export type ShownDefinition = { readonly name: string; readonly digest: string };

/** Accepts exactly the definitions that were shown; all of them, or none. */
export function acceptTools(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  shown: readonly ShownDefinition[],
): Promise<Result<{ accepted: number }, ConfigRefusal>> {
  return writeConfig(deps, actor, (write) => acceptToolsIn(write, idOrName, shown));
}

/**
 * The same inside a larger transaction. The digest must be that of the definition found last: a server that changes a
 * tool between display and click gets `stale-digest`, not an acceptance. Accepting what is accepted writes nothing.
 */
export async function acceptToolsIn(
  write: ConfigWrite,
  idOrName: string,
  shown: readonly ShownDefinition[],
): Promise<Result<{ accepted: number }, ConfigRefusal>> {
  const { tx } = write;
  const server = await lockServer(tx, idOrName);
  if (server === null) return refuse('not-found', 'There is no such server.');
  const tools = await tx.tool.findMany({ where: { serverId: server.id, name: { in: shown.map((one) => one.name) } } });
  let accepted = 0;
  for (const { name, digest } of shown) {
    const tool = tools.find((one) => one.name === name);
    if (tool === undefined) return refuse('not-found', 'The server has no such tool.');
    if (tool.definitionDigest !== digest) {
      return refuse('stale-digest', 'A definition changed since it was shown. Look at it again.');
    }
    if (tool.pinState === 'missing') return refuse('conflict', 'The server no longer offers this tool.');
    if (tool.pinState === 'accepted') continue;
    await acceptOne(write, server, tool);
    accepted++;
  }
  if (accepted > 0) await bumpConfig(tx, 'servers', server.id);
  return ok({ accepted });
}

async function acceptOne(write: ConfigWrite, server: Server, tool: Tool): Promise<void> {
  const { tx, keys, actor, now } = write;
  const tag = tagAfterAcceptance(tool);
  await tx.tool.update({
    where: { id: tool.id },
    data: {
      acceptedDefinition: storedDefinition(tool.definition),
      acceptedDigest: tool.definitionDigest,
      pinState: 'accepted',
      acceptedBy: personIdOf(actor),
      acceptedAt: now,
      ...tag,
    },
  });
  await recordTagChange(tx, { toolId: tool.id, by: personIdOf(actor), before: tool, after: tag });
  await recordEvent(tx, keys, {
    type: 'tool.accepted',
    actor: auditActor(actor),
    server: server.name,
    tool: tool.name,
    tier: tag.tier,
    actionClass: isActionClass(tag.actionClass) ? tag.actionClass : 'other',
    detail: { definition: tool.definitionDigest, previous: tool.acceptedDigest, tierBefore: tool.tier },
  });
}

/**
 * A changed definition loses a mild tag: the stricter of the old tag and the new suggestion applies, because the reason
 * for the old one was given for another definition. A first acceptance keeps what an admin set meanwhile.
 */
function tagAfterAcceptance(tool: Tool): {
  readonly tier: Tier;
  readonly actionClass: string;
  readonly taggedBy?: null;
  readonly taggedAt?: null;
  readonly tagReason?: null;
} {
  const isFirst = tool.acceptedDefinition === null;
  const tier = isFirst ? tool.tier : stricterTier(tool.tier, tool.suggestedTier);
  if (tier === tool.tier) {
    const actionClass = tool.taggedAt === null ? tool.suggestedClass : tool.actionClass;
    return { tier, actionClass };
  }
  return { tier, actionClass: tool.suggestedClass, taggedBy: null, taggedAt: null, tagReason: null };
}
